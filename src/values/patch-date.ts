/** Dates into datetimes. */
import { datetimeAt, instantOf } from "./datetimes.ts";
import { type Exact, PyDateTime, UTC } from "./exact.ts";
import type { Pass } from "./patch-pass.ts";
import { type Hint, Siblings } from "./siblings.ts";
import { zoneOf } from "./zones.ts";

/**
 * The datetime of a Date. One of the old instant is the old datetime, with its microseconds; one of another instant keeps
 * the zone of its place; a new one is aware UTC.
 * @throws EncodeError
 */
export function patchDate(pass: Pass, date: Date, hint: Hint): PyDateTime {
  const instant = date.getTime();
  if (Number.isNaN(instant)) pass.refuse("it is an Invalid Date");
  const mine = pass.known.get(date);
  const stood = mine ?? hint;
  const before = stood instanceof PyDateTime ? stood : undefined;
  const stoodAt = before === undefined ? undefined : (pass.pairs.instants.get(before) ?? instantOf(before));
  if (before !== undefined && stoodAt === instant) return before;
  if (mine !== undefined) pass.refuseReadOnly(date);
  const tzinfo = before !== undefined && stoodAt !== undefined ? before.tzinfo : zoneAmong(hint);
  const made = datetimeAt(instant, tzinfo) ?? pass.refuse("its year is not one of 1 to 9999");
  pass.accept(made);
  pass.pairs.add(date, made);
  pass.pairs.instants.set(made, instant);
  return made;
}

/** The zone of new Dates beside datetimes that all have it; aware UTC elsewhere. */
function zoneAmong(hint: Hint): Exact {
  const tzinfo = Siblings.of(hint).tzinfo;
  return tzinfo === undefined || zoneOf(tzinfo) === undefined ? UTC : tzinfo;
}
