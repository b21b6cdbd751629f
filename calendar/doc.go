// Package calendar counts days as a council counts them: civil dates in
// London, working days of each part of the United Kingdom, and deadlines that
// say how they were worked out.
//
//	cal := calendar.EnglandAndWales()
//	start, err := calendar.ParseDate("2026-05-01")         // a Friday
//	period, err := calendar.ParsePeriod("10 working days") // as a policy file has it
//	deadline, err := cal.DeadlineFrom(start, period, calendar.NoRoll)
//	deadline.Due.Long() // "Monday 18 May 2026"
//	deadline.Working()  // "10 working days after Fri 1 May 2026, not counting …"
//
//	status, err := cal.Status(deadline, now)
//	status.String() // "due in 3 working days (Mon 18 May 2026)"
//
//	month, err := calendar.ParsePeriod("1 month")
//	reaudit, err := cal.Deadline(findingAt, month, calendar.Following)
//
// # Where to look
//
//   - A calendar: [EnglandAndWales], [Scotland], [NorthernIreland], [AnyPartOfUK];
//     newer data with [ReadBankHolidays] and [Calendar.WithBankHolidays], a
//     council's own days off with [Calendar.WithClosures] (package closures reads
//     them from a file), a stored one with [ParseCalendar].
//   - When something is due: [Calendar.Deadline], [Calendar.DeadlineFrom], and
//     [Calendar.DeadlineBy] for cut-offs and start rules; how it stands:
//     [Calendar.Status]; what a new edition moves: [Calendar.Recalculate].
//   - "not less than", "before" and "within": [Calendar.NotLessAfter],
//     [Calendar.NotLessBefore], [Calendar.Before], [Calendar.Within].
//   - Days of the month: [Calendar.MonthlyDay], [Calendar.EveryMonths],
//     [Calendar.LastWorkingDay].
//   - What is certain: [Calendar.Coverage], [Calendar.Projected].
//   - One day, or many: [Calendar.DayOff], [Calendar.WorkingDays],
//     [Calendar.Holidays], [Calendar.CountWorkingDaysAfter].
//
// # How days are counted
//
// A day is a day in London, whatever zone a time carries. The day of the event
// is not counted. A month runs to the corresponding date, or to the last day of
// a month that has none (Dodds v Walker [1981] 1 WLR 1027). Hours are elapsed
// hours, across clock changes. A working day is no Saturday, Sunday, bank
// holiday or closure. docs/working-days.md gives each convention with its source
// and an example.
//
// # What it promises
//
// The package is pure: it reads no clock and opens no file, keeps no state but the
// tables it works out once, and does not panic. Everything in it may be used
// by many goroutines at once. A working-day or rolled deadline never falls on a
// non-working day, and a later start never gives an earlier deadline. Looking
// up and adding working days takes the same short time whatever the number,
// and does not allocate.
//
// Bank holidays are projected after the last year the government has published,
// and before 1978. Deadlines, statuses and days off say whether they hang on such
// days; of any other answer [Calendar.Projected] says it, and which bank holidays
// could move.
//
// # Backwards compatibility
//
// A Deadline once stored reads back the same: names of JSON fields, periods and
// rolls are kept. A new edition of the calendar has another Edition.
package calendar
