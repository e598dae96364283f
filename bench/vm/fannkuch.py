def flips(perm, work):
    for i in range(len(perm)):
        work[i] = perm[i]
    count = 0
    first = work[0]
    while first != 0:
        low, high = 0, first
        while low < high:
            t = work[low]
            work[low] = work[high]
            work[high] = t
            low += 1
            high -= 1
        count += 1
        first = work[0]
    return count


def fannkuch(n):
    perm, work, left = list(range(n)), [0] * n, [0] * n
    most, total, sign, r = 0, 0, 1, n
    while True:
        while r > 1:
            left[r - 1] = r
            r -= 1
        count = flips(perm, work)
        if count > most:
            most = count
        total += sign * count
        sign = -sign
        while True:
            if r == n:
                return total, most
            first = perm[0]
            for i in range(r):
                perm[i] = perm[i + 1]
            perm[r] = first
            left[r] -= 1
            if left[r] > 0:
                break
            r += 1


n = 9
total, most = fannkuch(n)
print(total)
print(f"flips({n}) = {most}")
