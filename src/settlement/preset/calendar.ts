/** The calendar period in which a curve is published. */
export type CalendarUnit = 'year' | 'month';

/**
 * The instant `amount` calendar years or months after `start` (unix seconds), in UTC and at the same time of day.
 * A day that the month does not have becomes its last day (31 January + 1 month = 28 or 29 February); each result is
 * counted from `start` itself, so such a shortening never accumulates.
 *
 * @example
 * addCalendar(Date.UTC(2024, 1, 29) / 1000, 1, 'year') === Date.UTC(2025, 1, 28) / 1000
 */
export function addCalendar(start: number, amount: number, unit: CalendarUnit): number {
  const from = new Date(start * 1000);
  const months = unit === 'year' ? amount * 12 : amount;
  const year = from.getUTCFullYear();
  const month = from.getUTCMonth() + months;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const day = Math.min(from.getUTCDate(), lastDay);
  const midnight = Date.UTC(year, month, day) / 1000; // integer: a midnight is a whole second
  return midnight + (start % 86_400);
}
