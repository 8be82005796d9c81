// DynamoDB's numbers: decimal, 38 significant digits, from 1E-130 to 9.99…E+125. They travel as text and are kept as
// plain text without exponent, so two equal numbers are the same text.
// Source: Amazon DynamoDB Developer Guide, "Supported data types and naming rules: Number".

import { validation } from "./dynamodb-errors.ts";

const maximumDigits = 38;
const greatestExponent = 126;
const leastExponent = -129;

/** The one way to write this number, "5" for "+05.0". Throws a ValidationException for what is not a number. */
export function canonicalNumber(text: string): string {
  return smallInteger.test(text) ? text : plainText(parse(text));
}

/** Text that sorts as the numbers sort, for a canonical number. */
export function numberOrder(text: string): string {
  const { negative, digits, exponent } = parse(text);
  if (digits === "") {
    return "1";
  }
  const biased = exponent + 500;
  if (!negative) {
    return `2${String(biased).padStart(3, "0")}${digits}`;
  }
  const complement = Array.from(digits, (digit) => 9 - Number(digit)).join("");
  return `0${String(999 - biased).padStart(3, "0")}${complement}~`;
}

/** Negative, zero or positive, for two canonical numbers. */
export function compareNumbers(left: string, right: string): number {
  if (left === right) {
    return 0;
  }
  if (left.length <= exactLength && right.length <= exactLength) {
    return Number(left) - Number(right);
  }
  return numberOrder(left) < numberOrder(right) ? -1 : 1;
}

/** The exact sum (or, with `sign` -1, difference) of two canonical numbers. Throws when it needs more than 38 digits. */
export function addNumbers(left: string, right: string, sign: 1 | -1): string {
  if (smallInteger.test(left) && smallInteger.test(right)) {
    return String(Number(left) + sign * Number(right));
  }
  const places = Math.max(fractionLength(left), fractionLength(right));
  const sum = scaled(left, places) + BigInt(sign) * scaled(right, places);
  return canonicalNumber(`${sum}e-${places}`);
}

/** Bytes that a canonical number counts towards the size of its item. */
export function numberBytes(text: string): number {
  const digits = text.replace(/^-?0*\.?0*|\./g, "").replace(/0+$/, "").length;
  return 1 + Math.ceil(digits / 2) + (text.startsWith("-") ? 1 : 0);
}

/** Numbers with at most this many characters are exact as a JavaScript number, or differ visibly from their neighbours. */
const exactLength = 15;
const smallInteger = /^(?:0|-?[1-9]\d{0,13})$/;
const numberPattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/;

/** 0.<digits> × 10^exponent; no digits for zero. */
interface Decimal {
  negative: boolean;
  digits: string;
  exponent: number;
}

function parse(text: string): Decimal {
  const match = numberPattern.exec(text);
  const whole = match?.[2] ?? "";
  const written = whole + (match?.[3] ?? "");
  if (match === null || written === "") {
    throw validation(`The parameter cannot be converted to a numeric value: ${text}`);
  }
  const significant = written.replace(/^0+/, "");
  const digits = significant.replace(/0+$/, "");
  if (digits === "") {
    return { negative: false, digits, exponent: 0 };
  }
  const exponent = whole.length - (written.length - significant.length) + Number(match[4] ?? 0);
  if (exponent > greatestExponent) {
    throw validation("Number overflow. Attempting to store a number with magnitude larger than supported range");
  }
  if (exponent < leastExponent) {
    throw validation("Number underflow. Attempting to store a number with magnitude smaller than supported range");
  }
  if (digits.length > maximumDigits) {
    throw validation("Attempting to store more than 38 significant digits in a Number");
  }
  return { negative: match[1] === "-", digits, exponent };
}

function plainText({ negative, digits, exponent }: Decimal): string {
  if (digits === "") {
    return "0";
  }
  const sign = negative ? "-" : "";
  if (exponent <= 0) {
    return `${sign}0.${"0".repeat(-exponent)}${digits}`;
  }
  if (digits.length <= exponent) {
    return sign + digits + "0".repeat(exponent - digits.length);
  }
  return `${sign}${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
}

function fractionLength(text: string): number {
  const point = text.indexOf(".");
  return point === -1 ? 0 : text.length - point - 1;
}

function scaled(text: string, places: number): bigint {
  return BigInt(text.replace(".", "") + "0".repeat(places - fractionLength(text)));
}
