local function a(i, j)
	return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)
end

local function times(v, out)
	local n = #v
	for i = 1, n do
		local sum = 0.0
		for j = 1, n do
			sum = sum + a(i - 1, j - 1) * v[j]
		end
		out[i] = sum
	end
end

local function times_transposed(v, out)
	local n = #v
	for i = 1, n do
		local sum = 0.0
		for j = 1, n do
			sum = sum + a(j - 1, i - 1) * v[j]
		end
		out[i] = sum
	end
end

local n = 400
local u, v, t = {}, {}, {}
for i = 1, n do
	u[i], v[i], t[i] = 1.0, 0.0, 0.0
end
for _ = 1, 10 do
	times(u, t)
	times_transposed(t, v)
	times(v, t)
	times_transposed(t, u)
end
local vbv, vv = 0.0, 0.0
for i = 1, n do
	vbv = vbv + u[i] * v[i]
	vv = vv + v[i] * v[i]
end
print(string.format("%.9f", math.sqrt(vbv / vv)))
