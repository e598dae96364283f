local function text(lines)
	local parts = { "ka", "lo", "mi", "nu", "re", "si", "ta", "vo", "wen", "zy" }
	local out = {}
	local x = 7
	for _ = 1, lines do
		for k = 0, 9 do
			x = (x * 1103515245 + 12345) % 2147483648
			local r = x // 65536 % 1000
			if k > 0 then
				out[#out + 1] = " "
			end
			out[#out + 1] = parts[r % 10 + 1]
			out[#out + 1] = parts[r // 10 % 10 + 1]
			if r % 3 == 0 then
				out[#out + 1] = parts[r // 100 + 1]
			end
		end
		out[#out + 1] = "\n"
	end
	return table.concat(out)
end

local all = text(60000)
local counts, total = {}, 0
for line in all:gmatch("[^\n]+") do
	for word in line:gmatch("[^ ]+") do
		counts[word] = (counts[word] or 0) + 1
		total = total + 1
	end
end
local list = {}
for word, n in pairs(counts) do
	list[#list + 1] = { n, word }
end
table.sort(list, function(a, b)
	if a[1] ~= b[1] then
		return a[1] > b[1]
	end
	return a[2] < b[2]
end)
print(string.format("%d words, %d different", total, #list))
for i = 1, 10 do
	print(string.format("%d %s", list[i][1], list[i][2]))
end
