package calendar

import (
	"slices"
	"time"
)

// northernIrelandNation has every bank holiday of England and Wales and two of
// its own.
var northernIrelandNation = nation{
	name:   nameNorthernIreland,
	fewest: 10,
	rules: slices.Concat(englandAndWalesRules, []rule{
		// Bank Holiday (Ireland) Act 1903; Banking and Financial Dealings Act 1971
		// Sch 1. A Sunday's is had on Monday 18 March by the Acts, a Saturday's on
		// Monday 19 March by proclamation, which GOV.UK shows from 2012 and which
		// is taken to have been the custom since the 1971 Act.
		{name: stPatricksDay, from: firstYear, until: 1971, day: on(time.March, 17), kind: mondayForSunday},
		{name: stPatricksDay, from: 1972, day: on(time.March, 17), kind: mondayInstead},
		// By proclamation each year: for 2020, Monday 13 July, in the London
		// Gazette, notice 3326938; for 2024 and 2025, notices 4388378 and 4631404.
		{name: battleOfTheBoyne, from: firstYear, day: on(time.July, 12), kind: mondayInstead},
	}),
	changes: slices.Concat(englandAndWalesChanges, []change{
		{civil(2012, time.May, 28), civil(2012, time.June, 4), "Spring bank holiday"}, // as elsewhere, but for the name
	}, everywhere),
}

const (
	stPatricksDay    = "St Patrick's Day"
	battleOfTheBoyne = "Battle of the Boyne (Orangemen's Day)"
)
