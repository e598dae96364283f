local SOLAR = 4.0 * 3.141592653589793 * 3.141592653589793
local DPY = 365.24

local function planets()
	return {
		{ x = 0.0, y = 0.0, z = 0.0, vx = 0.0, vy = 0.0, vz = 0.0, m = SOLAR },
		{
			x = 4.84143144246472090e+00, y = -1.16032004402742839e+00, z = -1.03622044471123109e-01,
			vx = 1.66007664274403694e-03 * DPY, vy = 7.69901118419740425e-03 * DPY, vz = -6.90460016972063023e-05 * DPY,
			m = 9.54791938424326609e-04 * SOLAR,
		},
		{
			x = 8.34336671824457987e+00, y = 4.12479856412430479e+00, z = -4.03523417114321381e-01,
			vx = -2.76742510726411882e-03 * DPY, vy = 4.99852801234917238e-03 * DPY, vz = 2.30417297573763929e-05 * DPY,
			m = 2.85885980666130812e-04 * SOLAR,
		},
		{
			x = 1.28943695621391310e+01, y = -1.51111514016986312e+01, z = -2.23307578892655734e-01,
			vx = 2.96460137564761618e-03 * DPY, vy = 2.37847173959480950e-03 * DPY, vz = -2.96589568540237556e-05 * DPY,
			m = 4.36624404335156298e-05 * SOLAR,
		},
		{
			x = 1.53796971148509165e+01, y = -2.59193146099879641e+01, z = 1.79258772950371181e-01,
			vx = 2.68067772490389322e-03 * DPY, vy = 1.62824170038242295e-03 * DPY, vz = -9.51592254519715870e-05 * DPY,
			m = 5.15138902046611451e-05 * SOLAR,
		},
	}
end

local function offset(b)
	local px, py, pz = 0.0, 0.0, 0.0
	for _, body in ipairs(b) do
		px = px + body.vx * body.m
		py = py + body.vy * body.m
		pz = pz + body.vz * body.m
	end
	b[1].vx = -px / SOLAR
	b[1].vy = -py / SOLAR
	b[1].vz = -pz / SOLAR
end

local function advance(b, dt)
	local n = #b
	for i = 1, n do
		local p = b[i]
		for j = i + 1, n do
			local q = b[j]
			local dx, dy, dz = p.x - q.x, p.y - q.y, p.z - q.z
			local d2 = dx * dx + dy * dy + dz * dz
			local mag = dt / (d2 * math.sqrt(d2))
			local mi, mj = p.m * mag, q.m * mag
			p.vx = p.vx - dx * mj
			p.vy = p.vy - dy * mj
			p.vz = p.vz - dz * mj
			q.vx = q.vx + dx * mi
			q.vy = q.vy + dy * mi
			q.vz = q.vz + dz * mi
		end
	end
	for i = 1, n do
		local body = b[i]
		body.x = body.x + dt * body.vx
		body.y = body.y + dt * body.vy
		body.z = body.z + dt * body.vz
	end
end

local function energy(b)
	local e = 0.0
	for i = 1, #b do
		local p = b[i]
		e = e + 0.5 * p.m * (p.vx * p.vx + p.vy * p.vy + p.vz * p.vz)
		for j = i + 1, #b do
			local q = b[j]
			local dx, dy, dz = p.x - q.x, p.y - q.y, p.z - q.z
			e = e - p.m * q.m / math.sqrt(dx * dx + dy * dy + dz * dz)
		end
	end
	return e
end

local b = planets()
offset(b)
print(string.format("%.9f", energy(b)))
for _ = 1, 200000 do
	advance(b, 0.01)
end
print(string.format("%.9f", energy(b)))
