package calendar

import "time"

// The conversion between days and dates counts in years that begin on 1 March,
// so that the leap day comes last: Howard Hinnant, "chrono-Compatible
// Low-Level Date Algorithms" (2013), days_from_civil and civil_from_days. All
// values stay positive within the years 1 to 9999.

const (
	daysPerEra = 146097 // 400 years
	firstDay   = 306    // 0001-01-01, counted in days from 0000-03-01
)

// civil returns the date of a year, month and day known to be possible.
func civil(y int, m time.Month, d int) Date {
	month := int(m) - 3
	if month < 0 {
		y--
		month += 12
	}
	era := y / 400
	yearOfEra := y - era*400
	dayOfYear := (153*month+2)/5 + d - 1
	dayOfEra := yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear
	return Date{n: int32(era*daysPerEra + dayOfEra - firstDay + 1)}
}

func (d Date) parts() (int, time.Month, int) {
	if d.n == 0 {
		return 0, 0, 0
	}
	days := int(d.n) - 1 + firstDay
	era := days / daysPerEra
	dayOfEra := days - era*daysPerEra
	yearOfEra := (dayOfEra - dayOfEra/1460 + dayOfEra/36524 - dayOfEra/146096) / 365
	dayOfYear := dayOfEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	month := (5*dayOfYear + 2) / 153
	day := dayOfYear - (153*month+2)/5 + 1
	y := yearOfEra + era*400
	if month < 10 {
		return y, time.Month(month + 3), day
	}
	return y + 1, time.Month(month - 9), day
}

func fromDays(n int) Date {
	if n < 1 || n > lastDay {
		return Date{}
	}
	return Date{n: int32(n)}
}

func daysIn(y int, m time.Month) int {
	switch m {
	case time.February:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	case time.April, time.June, time.September, time.November:
		return 30
	default:
		return 31
	}
}

// monthEnd is the last day of the month of d.
func (d Date) monthEnd() Date {
	y, m, _ := d.parts()
	return civil(y, m, daysIn(y, m))
}

func (d Date) appendISO(b []byte) []byte {
	y, m, day := d.parts()
	return append(b,
		byte('0'+y/1000), byte('0'+y/100%10), byte('0'+y/10%10), byte('0'+y%10), '-',
		byte('0'+m/10), byte('0'+m%10), '-',
		byte('0'+day/10), byte('0'+day%10))
}
