def main():
    n = 1000000
    m = {}
    x = 42
    for i in range(n):
        x = (x * 1103515245 + 12345) % 2147483648
        key = x // 8
        m[key] = m.get(key, 0) + i
    total = hits = 0
    x = 42
    for i in range(n):
        x = (x * 1103515245 + 12345) % 2147483648
        v = m.get(x // 8 + i % 2)
        if v is not None:
            total += v
            hits += 1
    print(len(m), hits, total)


main()
