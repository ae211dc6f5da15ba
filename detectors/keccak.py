"""Bytes in, their Keccak-256 digest out: Ethereum's hash, which is not SHA3-256 (other padding) and not in hashlib."""

_ROUNDS = 24
_LANE = (1 << 64) - 1
_RATE = 136  # bytes absorbed at a time


def keccak_256(data: bytes) -> bytes:
    """Digest of 32 bytes. Slow and simple: it is only run over addresses of 40 characters."""
    padded = bytearray(data) + b"\x01" + b"\x00" * (_RATE - 1 - len(data) % _RATE)
    padded[-1] |= 0x80
    lanes = [[0] * 5 for _ in range(5)]
    for start in range(0, len(padded), _RATE):
        for index in range(_RATE // 8):
            x, y = index % 5, index // 5
            lanes[x][y] ^= int.from_bytes(padded[start + index * 8 : start + index * 8 + 8], "little")
        lanes = _permute(lanes)
    return b"".join(lanes[index % 5][index // 5].to_bytes(8, "little") for index in range(4))


def _rotate(value: int, by: int) -> int:
    by %= 64
    return ((value << by) | (value >> (64 - by))) & _LANE


def _permute(lanes: list[list[int]]) -> list[list[int]]:
    register = 1
    for _ in range(_ROUNDS):
        parity = [row[0] ^ row[1] ^ row[2] ^ row[3] ^ row[4] for row in lanes]
        change = [parity[(x + 4) % 5] ^ _rotate(parity[(x + 1) % 5], 1) for x in range(5)]
        lanes = [[lane ^ change[x] for lane in lanes[x]] for x in range(5)]
        x, y, current = 1, 0, lanes[1][0]
        for step in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            current, lanes[x][y] = lanes[x][y], _rotate(current, (step + 1) * (step + 2) // 2)
        for y in range(5):
            row = [lanes[x][y] for x in range(5)]
            for x in range(5):
                lanes[x][y] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5] & _LANE)
        for bit in range(7):
            register = ((register << 1) ^ ((register >> 7) * 0x71)) & 0xFF
            if register & 2:
                lanes[0][0] ^= 1 << ((1 << bit) - 1)
    return lanes
