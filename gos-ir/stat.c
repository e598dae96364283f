/* `stat`: how many records, nodes and bytes a stream has, by kind of record. */
#include "gos-ir/tool.h"

#include <string.h>

typedef struct Row {
	uint64_t records, nodes, bytes;
} Row;

static bool
count_node(void *nodes, const IrType *type, void *node)
{
	(void)type, (void)node;
	++*(uint64_t *)nodes;
	return true;
}

static void
print_row(const char *name, Row row)
{
	printf("%-12s %12llu %12llu %12llu\n", name, (unsigned long long)row.records,
	    (unsigned long long)row.nodes, (unsigned long long)row.bytes);
}

int
command_stat(Input *in)
{
	uint32_t n = in->schema->nrecords;
	Row *rows = arena_array(in->arena, Row, n + 1), sum = {0};
	uint64_t first = ir_offset(in->reader);

	/* The last row is for x- records. */
	while (input_next(in)) {
		Row *row = &rows[in->status == IR_RECORD ? in->kind : n];
		row->records++;
		row->bytes += ir_offset(in->reader) - ir_record_offset(in->reader);
		if (in->status == IR_RECORD)
			ir_walk(in->schema->records[in->kind], in->payload, count_node, &row->nodes);
	}
	printf("%-12s %12s %12s %12s\n", in->schema->name, "records", "nodes", "bytes");
	for (uint32_t i = 0; i <= n; i++) {
		if (rows[i].records)
			print_row(i < n ? in->schema->records[i]->name : "x-", rows[i]);
		sum.records += rows[i].records;
		sum.nodes += rows[i].nodes;
		sum.bytes += rows[i].bytes;
	}
	uint64_t total = ir_offset(in->reader);
	print_row("header", (Row){.bytes = first});
	print_row("strings, end", (Row){.bytes = total - first - sum.bytes});
	print_row("all", (Row){sum.records, sum.nodes, total});
	return input_status(in);
}
