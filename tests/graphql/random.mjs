// A small generator of random numbers with a seed, so that every run can be had again.
export class Random {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  // Mulberry32: [0, 1).
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  chance(probability) {
    return this.next() < probability;
  }

  // An integer in [low, high].
  between(low, high) {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick(list) {
    return list[Math.floor(this.next() * list.length)];
  }

  // Some of the list, in its order.
  some(list, count) {
    const left = [...list];
    const chosen = new Set();
    while (chosen.size < Math.min(count, left.length)) chosen.add(this.pick(left));
    return left.filter((element) => chosen.has(element));
  }

  // The name with one letter changed.
  misspell(name) {
    const at = this.between(0, name.length - 1);
    switch (this.between(0, 3)) {
      case 0:
        return name.length > 1 ? name.slice(0, at) + name.slice(at + 1) || "x" : name + "x";
      case 1:
        return `${name.slice(0, at)}${name[at]}${name.slice(at)}`;
      case 2:
        return name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
      default:
        return `${name}Zz`;
    }
  }
}
