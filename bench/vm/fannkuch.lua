local function flips(perm, work)
	for i = 1, #perm do
		work[i] = perm[i]
	end
	local count = 0
	local first = work[1]
	while first ~= 0 do
		local low, high = 1, first + 1
		while low < high do
			local t = work[low]
			work[low] = work[high]
			work[high] = t
			low = low + 1
			high = high - 1
		end
		count = count + 1
		first = work[1]
	end
	return count
end

local function fannkuch(n)
	local perm, work, left = {}, {}, {}
	for i = 1, n do
		perm[i], work[i], left[i] = i - 1, 0, 0
	end
	local most, sum, sign, r = 0, 0, 1, n
	while true do
		while r > 1 do
			left[r] = r
			r = r - 1
		end
		local count = flips(perm, work)
		if count > most then
			most = count
		end
		sum = sum + sign * count
		sign = -sign
		while true do
			if r == n then
				return sum, most
			end
			local first = perm[1]
			for i = 1, r do
				perm[i] = perm[i + 1]
			end
			perm[r + 1] = first
			left[r + 1] = left[r + 1] - 1
			if left[r + 1] > 0 then
				break
			end
			r = r + 1
		end
	end
end

local n = 9
local sum, most = fannkuch(n)
print(sum)
print(string.format("flips(%d) = %d", n, most))
