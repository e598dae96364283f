def text(lines):
    parts = ["ka", "lo", "mi", "nu", "re", "si", "ta", "vo", "wen", "zy"]
    out = []
    x = 7
    for _ in range(lines):
        for k in range(10):
            x = (x * 1103515245 + 12345) % 2147483648
            r = x // 65536 % 1000
            if k > 0:
                out.append(" ")
            out.append(parts[r % 10])
            out.append(parts[r // 10 % 10])
            if r % 3 == 0:
                out.append(parts[r // 100])
        out.append("\n")
    return "".join(out)


def main():
    counts = {}
    total = 0
    for line in text(60000).splitlines():
        for word in line.split(" "):
            counts[word] = counts.get(word, 0) + 1
            total += 1
    ranked = sorted((-n, word) for word, n in counts.items())
    print(f"{total} words, {len(ranked)} different")
    for i in range(10):
        print(-ranked[i][0], ranked[i][1])


main()
