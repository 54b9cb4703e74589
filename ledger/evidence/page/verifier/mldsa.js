// ------------------------------------------------------------------------------------- 3 checkpoint: ML-DSA-44

// WebCrypto does not know ML-DSA yet, so its verification stands here: FIPS 204, algorithms 3 and 8 for the parameter
// set ML-DSA-44, pure, with an empty context. Nothing here is secret, so time tells nothing.

const Q = 8380417;
const DEGREE = 256;
const RANK = 4; // rows and columns of the matrix
const DROPPED = 13; // bits dropped from t
const CHALLENGE_WEIGHT = 39;
const GAMMA_1 = 1 << 17;
const GAMMA_2 = (Q - 1) / 88;
const BETA = 78;
const OMEGA = 80; // at most so many hints
const ZETAS = Array.from({ length: DEGREE }, (_, at) => Number(power(1753n, BigInt(reverseBits(at)), BigInt(Q))));

function reverseBits(byte) {
  return parseInt(byte.toString(2).padStart(8, "0").split("").reverse().join(""), 2);
}

/** Say whether a signature of 2420 bytes over a message verifies with a key of 1312 bytes. FIPS 204 algorithm 8. */
function verifyMlDsa44(encodedKey, message, signature) {
  if (signature.length !== 2420) {
    return false;
  }
  const [rho, t1] = [encodedKey.subarray(0, 32), unpack(encodedKey.subarray(32), 10)];
  const challenge = signature.subarray(0, 32);
  const z = unpack(signature.subarray(32, 2336), 18).map((row) => row.map((number) => GAMMA_1 - number));
  const hints = decodeHints(signature.subarray(2336));
  if (hints === null || z.some((row) => row.some((number) => Math.abs(number) >= GAMMA_1 - BETA))) {
    return false;
  }
  const mu = new Shake(136, concat(new Shake(136, encodedKey).read(64), Uint8Array.of(0, 0), message)).read(64);
  const c = toNtt(sampleInBall(challenge));
  const zNtt = z.map(toNtt);
  const rows = t1.map((row, at) => {
    const high = toNtt(row.map((number) => number * (1 << DROPPED)));
    const product = zNtt.map((column, from) => multiplyNtt(sampleMatrix(rho, at, from), column));
    const approximate = fromNtt(addAll([...product, multiplyNtt(c, high).map((number) => Q - number)]));
    return approximate.map((number, place) => useHint(hints[at][place], number));
  });
  return equalBytes(new Shake(136, concat(mu, packSixBits(rows.flat()))).read(32), challenge);
}

/** Return the polynomials that some bytes write with so many bits a number, the lowest bit first. */
function unpack(bytes, bits) {
  const numbers = [];
  let [buffer, held] = [0, 0];
  for (const byte of bytes) {
    buffer |= byte << held;
    held += 8;
    if (held >= bits) {
      numbers.push(buffer & ((1 << bits) - 1));
      buffer >>>= bits;
      held -= bits;
    }
  }
  return Array.from({ length: numbers.length / DEGREE }, (_, row) => numbers.slice(row * DEGREE, (row + 1) * DEGREE));
}

function packSixBits(numbers) {
  const packed = [];
  for (let at = 0; at < numbers.length; at += 4) {
    const [a, b, c, d] = numbers.slice(at, at + 4);
    packed.push(a | (b << 6), (b >> 2) | (c << 4), (c >> 4) | (d << 2));
  }
  return Uint8Array.from(packed);
}

/** Return four rows of hints, or null when they are not in their one form. FIPS 204 algorithm 21. */
function decodeHints(bytes) {
  const hints = Array.from({ length: RANK }, () => new Uint8Array(DEGREE));
  let index = 0;
  for (let row = 0; row < RANK; row += 1) {
    const [first, end] = [index, bytes[OMEGA + row]];
    if (end < index || end > OMEGA) {
      return null;
    }
    for (; index < end; index += 1) {
      if (index > first && bytes[index - 1] >= bytes[index]) {
        return null;
      }
      hints[row][bytes[index]] = 1;
    }
  }
  return bytes.subarray(index, OMEGA).every((byte) => byte === 0) ? hints : null;
}

/** Return the polynomial of the challenge: 39 numbers are 1 or -1, the others 0. FIPS 204 algorithm 29. */
function sampleInBall(seed) {
  const stream = new Shake(136, seed);
  const signs = littleEndian(stream.read(8));
  const polynomial = new Array(DEGREE).fill(0);
  for (let at = DEGREE - CHALLENGE_WEIGHT; at < DEGREE; at += 1) {
    let place = stream.read(1)[0];
    while (place > at) {
      place = stream.read(1)[0];
    }
    polynomial[at] = polynomial[place];
    polynomial[place] = (signs >> BigInt(at + CHALLENGE_WEIGHT - DEGREE)) & 1n ? Q - 1 : 1;
  }
  return polynomial;
}

/** Return one polynomial of the matrix, already transformed. FIPS 204 algorithms 30 and 32. */
function sampleMatrix(rho, row, column) {
  const stream = new Shake(168, concat(rho, Uint8Array.of(column, row)));
  const polynomial = [];
  while (polynomial.length < DEGREE) {
    const [low, middle, high] = stream.read(3);
    const number = low | (middle << 8) | ((high & 0x7f) << 16);
    if (number < Q) {
      polynomial.push(number);
    }
  }
  return polynomial;
}

/** Return a number's high part, corrected by a hint. FIPS 204 algorithms 36 and 40. */
function useHint(hint, number) {
  const least = number % (2 * GAMMA_2);
  const low = least > GAMMA_2 ? least - 2 * GAMMA_2 : least;
  const isTop = number - low === Q - 1;
  const high = isTop ? 0 : (number - low) / (2 * GAMMA_2);
  if (hint === 0) {
    return high;
  }
  return (high + (low > 0 ? 1 : 43)) % 44; // at the top low is not above 0
}

/** Return the number theoretic transform of a polynomial. FIPS 204 algorithm 41. Products stay below 2^53. */
function toNtt(polynomial) {
  const numbers = polynomial.map((number) => ((number % Q) + Q) % Q);
  let at = 0;
  for (let length = 128; length >= 1; length /= 2) {
    for (let start = 0; start < DEGREE; start += 2 * length) {
      at += 1;
      for (let one = start; one < start + length; one += 1) {
        const turned = (ZETAS[at] * numbers[one + length]) % Q;
        numbers[one + length] = (numbers[one] - turned + Q) % Q;
        numbers[one] = (numbers[one] + turned) % Q;
      }
    }
  }
  return numbers;
}

/** Return the polynomial of a transform. FIPS 204 algorithm 42. */
function fromNtt(transform) {
  const numbers = [...transform];
  let at = DEGREE;
  for (let length = 1; length < DEGREE; length *= 2) {
    for (let start = 0; start < DEGREE; start += 2 * length) {
      at -= 1;
      for (let one = start; one < start + length; one += 1) {
        const [left, right] = [numbers[one], numbers[one + length]];
        numbers[one] = (left + right) % Q;
        numbers[one + length] = ((Q - ZETAS[at]) * ((left - right + Q) % Q)) % Q;
      }
    }
  }
  return numbers.map((number) => (number * 8347681) % Q); // 256^-1
}

function multiplyNtt(one, other) {
  return one.map((number, at) => (number * other[at]) % Q);
}

function addAll(polynomials) {
  return polynomials[0].map((_, at) => polynomials.reduce((sum, one) => sum + one[at], 0) % Q);
}

/** SHAKE128 (rate 168) and SHAKE256 (rate 136) of FIPS 202, with lanes as BigInts: slow, short and plain. */
class Shake {
  constructor(rate, message) {
    this.rate = rate;
    this.lanes = new BigUint64Array(25);
    this.bytes = new Uint8Array(this.lanes.buffer); // FIPS 202 and every engine in use write lanes little-endian
    const padded = new Uint8Array(Math.floor(message.length / rate + 1) * rate);
    padded.set(message);
    padded[message.length] = 0x1f;
    padded[padded.length - 1] |= 0x80;
    for (let at = 0; at < padded.length; at += rate) {
      padded.subarray(at, at + rate).forEach((byte, place) => (this.bytes[place] ^= byte));
      permute(this.lanes);
    }
    this.taken = 0;
  }

  read(count) {
    const out = new Uint8Array(count);
    for (let at = 0; at < count; at += 1) {
      if (this.taken === this.rate) {
        permute(this.lanes);
        this.taken = 0;
      }
      out[at] = this.bytes[this.taken];
      this.taken += 1;
    }
    return out;
  }
}

const ROUNDS = [
  ...["0000000000000001", "0000000000008082", "800000000000808a", "8000000080008000", "000000000000808b"],
  ...["0000000080000001", "8000000080008081", "8000000000008009", "000000000000008a", "0000000000000088"],
  ...["0000000080008009", "000000008000000a", "000000008000808b", "800000000000008b", "8000000000008089"],
  ...["8000000000008003", "8000000000008002", "8000000000000080", "000000000000800a", "800000008000000a"],
  ...["8000000080008081", "8000000000008080", "0000000080000001", "8000000080008008"],
].map((digits) => BigInt(`0x${digits}`));

const ROTATIONS = [
  ...[0n, 1n, 62n, 28n, 27n, 36n, 44n, 6n, 55n, 20n, 3n, 10n, 43n, 25n, 39n, 41n, 45n, 15n, 21n, 8n],
  ...[18n, 2n, 61n, 56n, 14n],
];

/** Keccak-f[1600], FIPS 202 section 3.2: theta, rho and pi, chi, iota; lane (x, y) stands at x + 5y. */
function permute(lanes) {
  const moved = new BigUint64Array(25);
  for (const round of ROUNDS) {
    const sums = [0, 1, 2, 3, 4].map((x) => [0, 5, 10, 15, 20].reduce((sum, y) => sum ^ lanes[x + y], 0n));
    for (let at = 0; at < 25; at += 1) {
      const [x, y] = [at % 5, Math.floor(at / 5)];
      const lane = lanes[at] ^ sums[(x + 4) % 5] ^ rotate(sums[(x + 1) % 5], 1n);
      moved[y + 5 * ((2 * x + 3 * y) % 5)] = rotate(lane, ROTATIONS[at]);
    }
    for (let at = 0; at < 25; at += 1) {
      const row = at - (at % 5);
      lanes[at] = moved[at] ^ (~moved[row + ((at + 1) % 5)] & moved[row + ((at + 2) % 5)]);
    }
    lanes[0] ^= round;
  }
}

function rotate(lane, by) {
  return BigInt.asUintN(64, (lane << by) | (lane >> (64n - by)));
}
