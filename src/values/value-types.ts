/** What a handler sees of Python's small values that JavaScript has no type for: immutable, with public fields. */

/** Digits, a point, an exponent of up to 17 digits (Python's own limit is 18); or NaN and Infinity. */
const DECIMAL = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,17})?|inf(?:inity)?|s?nan\d*)$/i;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const SECONDS_PER_DAY = 86_400;
const MICROS = 1_000_000;

/** A `decimal.Decimal`. Its text says what a number cannot: `1.10`, thirty digits, `NaN`. */
export class Decimal {
  readonly text: string;

  /** @throws RangeError where Python would not read the text */
  constructor(text: string) {
    check(typeof text === "string" && DECIMAL.test(text), "a Decimal's text must be a number as Python writes it");
    this.text = text;
    Object.freeze(this);
  }

  toString(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }
}

/** A `uuid.UUID`, by its text of 36 characters in lower case. */
export class Uuid {
  readonly text: string;

  /** @throws RangeError */
  constructor(text: string) {
    check(typeof text === "string" && UUID.test(text), "a Uuid's text must have the form 8-4-4-4-12");
    this.text = text.toLowerCase();
    Object.freeze(this);
  }

  toString(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }
}

/** A `markupsafe.Markup`: text that Jinja does not escape. */
export class Markup {
  readonly text: string;

  /** @throws RangeError */
  constructor(text: string) {
    check(typeof text === "string", "a Markup needs a text");
    this.text = text;
    Object.freeze(this);
  }

  toString(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }
}

/** A `datetime.timedelta`, normalized as Python keeps it: 0 <= seconds < 86400, 0 <= microseconds < 1,000,000. */
export class Timedelta {
  readonly days: number;
  readonly seconds: number;
  readonly microseconds: number;

  /** Whole numbers, carried over as Python does. @throws RangeError */
  constructor(days: number, seconds = 0, microseconds = 0) {
    check([days, seconds, microseconds].every(Number.isSafeInteger), "a Timedelta needs whole numbers");
    const carried = seconds + Math.floor(microseconds / MICROS);
    this.days = days + Math.floor(carried / SECONDS_PER_DAY);
    this.seconds = modulo(carried, SECONDS_PER_DAY);
    this.microseconds = modulo(microseconds, MICROS);
    check(Math.abs(this.days) <= 999_999_999, "a Timedelta has at most 999,999,999 days");
    Object.freeze(this);
  }

  /** As Python's `str()`: `-1 day, 23:59:59.500000`. */
  toString(): string {
    const { days, seconds } = this;
    const named = days === 0 ? "" : `${days} ${Math.abs(days) === 1 ? "day" : "days"}, `;
    const clock = `${Math.floor(seconds / 3600)}:${padded(Math.floor(seconds / 60) % 60)}:${padded(seconds % 60)}`;
    return named + clock + fraction(this.microseconds);
  }

  toJSON(): string {
    return this.toString();
  }
}

/** A `datetime.date`. */
export class PythonDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;

  /** @param month 1 to 12 @throws RangeError */
  constructor(year: number, month: number, day: number) {
    check(isDate(year, month, day), "a PythonDate must be a day of the years 1 to 9999");
    this.year = year;
    this.month = month;
    this.day = day;
    Object.freeze(this);
  }

  /** As Python's `isoformat()`. */
  toString(): string {
    return `${padded(this.year, 4)}-${padded(this.month)}-${padded(this.day)}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** A `datetime.time` without a tzinfo. */
export class PythonTime {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  readonly fold: number;

  /** @param fold 0 or 1 @throws RangeError */
  constructor(hour: number, minute = 0, second = 0, microsecond = 0, fold = 0) {
    check(isTime(hour, minute, second, microsecond, fold), "a PythonTime must be a time of a day");
    this.hour = hour;
    this.minute = minute;
    this.second = second;
    this.microsecond = microsecond;
    this.fold = fold;
    Object.freeze(this);
  }

  /** As Python's `isoformat()`. */
  toString(): string {
    return `${padded(this.hour)}:${padded(this.minute)}:${padded(this.second)}${fraction(this.microsecond)}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** Whether Python has that day. */
export function isDate(year: number, month: number, day: number): boolean {
  if (!isWithin(year, 1, 9999) || !isWithin(month, 1, 12)) return false;
  const last = new Date(0);
  last.setUTCFullYear(year, month, 0);
  return isWithin(day, 1, last.getUTCDate());
}

/** Whether Python has that time of day. */
export function isTime(hour: number, minute: number, second: number, microsecond: number, fold: number): boolean {
  const isClock = isWithin(hour, 0, 23) && isWithin(minute, 0, 59) && isWithin(second, 0, 59);
  return isClock && isWithin(microsecond, 0, MICROS - 1) && isWithin(fold, 0, 1);
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new RangeError(otherwise);
}

function modulo(value: number, divisor: number): number {
  return value - Math.floor(value / divisor) * divisor;
}

function padded(value: number, digits = 2): string {
  return String(value).padStart(digits, "0");
}

function fraction(microseconds: number): string {
  return microseconds === 0 ? "" : `.${padded(microseconds, 6)}`;
}
