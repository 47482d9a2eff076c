/** Which form of the tests runs that have two: `npm test` takes the small one, `npm run races` the long one. */

/** Whether it is the long one. */
export const isFull: boolean = process.env["RACES"] === "full";
