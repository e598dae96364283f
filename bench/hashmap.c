/* A growing open-addressing map from int64 to int64: what a careful C programmer would write for this job. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct { int64_t k, v; } Slot;
typedef struct { Slot *s; uint8_t *used; size_t cap, len; } Map;

static uint64_t mix(uint64_t x) {
    x ^= x >> 30, x *= 0xbf58476d1ce4e5b9u;
    x ^= x >> 27, x *= 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static int64_t *slot(Map *m, int64_t k, int add);

static void grow(Map *m) {
    Map o = *m;
    m->cap = o.cap ? o.cap * 2 : 16;
    m->len = 0;
    m->s = malloc(m->cap * sizeof *m->s);
    m->used = calloc(m->cap, 1);
    for (size_t i = 0; i < o.cap; i++)
        if (o.used[i]) *slot(m, o.s[i].k, 1) = o.s[i].v;
    free(o.s), free(o.used);
}

static int64_t *slot(Map *m, int64_t k, int add) {
    if (add && (m->len + 1) * 8 > m->cap * 7) grow(m);
    size_t mask = m->cap - 1, i = mix((uint64_t)k) & mask;
    for (; m->used[i]; i = (i + 1) & mask)
        if (m->s[i].k == k) return &m->s[i].v;
    if (!add) return NULL;
    m->used[i] = 1, m->s[i].k = k, m->s[i].v = 0, m->len++;
    return &m->s[i].v;
}

int main(void) {
    int n = 5000000;
    Map m = {0};
    uint64_t x = 42;
    for (int i = 0; i < n; i++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        *slot(&m, (int64_t)(x >> 20), 1) += i;
    }
    uint64_t sum = 0, hits = 0;
    x = 42;
    for (int i = 0; i < n; i++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        int64_t *v = slot(&m, (int64_t)(x >> 20) + (i & 1), 0);
        if (v) sum += (uint64_t)*v, hits++;
    }
    printf("%zu %llu %llu\n", m.len, (unsigned long long)hits, (unsigned long long)sum);
    return 0;
}
