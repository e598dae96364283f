from math import sqrt

SOLAR = 4.0 * 3.141592653589793 * 3.141592653589793
DPY = 365.24


class Body:
    __slots__ = ("x", "y", "z", "vx", "vy", "vz", "m")

    def __init__(self, x, y, z, vx, vy, vz, m):
        self.x, self.y, self.z, self.vx, self.vy, self.vz, self.m = x, y, z, vx, vy, vz, m


def planets():
    return [
        Body(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, SOLAR),
        Body(4.84143144246472090e+00, -1.16032004402742839e+00, -1.03622044471123109e-01,
             1.66007664274403694e-03 * DPY, 7.69901118419740425e-03 * DPY, -6.90460016972063023e-05 * DPY,
             9.54791938424326609e-04 * SOLAR),
        Body(8.34336671824457987e+00, 4.12479856412430479e+00, -4.03523417114321381e-01,
             -2.76742510726411882e-03 * DPY, 4.99852801234917238e-03 * DPY, 2.30417297573763929e-05 * DPY,
             2.85885980666130812e-04 * SOLAR),
        Body(1.28943695621391310e+01, -1.51111514016986312e+01, -2.23307578892655734e-01,
             2.96460137564761618e-03 * DPY, 2.37847173959480950e-03 * DPY, -2.96589568540237556e-05 * DPY,
             4.36624404335156298e-05 * SOLAR),
        Body(1.53796971148509165e+01, -2.59193146099879641e+01, 1.79258772950371181e-01,
             2.68067772490389322e-03 * DPY, 1.62824170038242295e-03 * DPY, -9.51592254519715870e-05 * DPY,
             5.15138902046611451e-05 * SOLAR),
    ]


def offset(b):
    px = py = pz = 0.0
    for body in b:
        px += body.vx * body.m
        py += body.vy * body.m
        pz += body.vz * body.m
    b[0].vx = -px / SOLAR
    b[0].vy = -py / SOLAR
    b[0].vz = -pz / SOLAR


def advance(b, dt):
    n = len(b)
    for i in range(n):
        p = b[i]
        for j in range(i + 1, n):
            q = b[j]
            dx, dy, dz = p.x - q.x, p.y - q.y, p.z - q.z
            d2 = dx * dx + dy * dy + dz * dz
            mag = dt / (d2 * sqrt(d2))
            mi, mj = p.m * mag, q.m * mag
            p.vx -= dx * mj
            p.vy -= dy * mj
            p.vz -= dz * mj
            q.vx += dx * mi
            q.vy += dy * mi
            q.vz += dz * mi
    for body in b:
        body.x += dt * body.vx
        body.y += dt * body.vy
        body.z += dt * body.vz


def energy(b):
    e = 0.0
    for i in range(len(b)):
        p = b[i]
        e += 0.5 * p.m * (p.vx * p.vx + p.vy * p.vy + p.vz * p.vz)
        for j in range(i + 1, len(b)):
            q = b[j]
            dx, dy, dz = p.x - q.x, p.y - q.y, p.z - q.z
            e -= p.m * q.m / sqrt(dx * dx + dy * dy + dz * dz)
    return e


b = planets()
offset(b)
print(f"{energy(b):.9f}")
for _ in range(200000):
    advance(b, 0.01)
print(f"{energy(b):.9f}")
