local n = 1000000
local m, size = {}, 0
local x = 42
for i = 0, n - 1 do
	x = (x * 1103515245 + 12345) % 2147483648
	local key = x // 8
	local old = m[key]
	if old then
		m[key] = old + i
	else
		m[key] = i
		size = size + 1
	end
end
local sum, hits = 0, 0
x = 42
for i = 0, n - 1 do
	x = (x * 1103515245 + 12345) % 2147483648
	local v = m[x // 8 + i % 2]
	if v then
		sum = sum + v
		hits = hits + 1
	end
end
print(string.format("%d %d %d", size, hits, sum))
