// Package digest computes what a month came to, for the meeting of the supervisors: pure figures from the events of
// tickets, with no clock, storage or network. The same events give the same figures, whenever and however often they
// are counted, because nothing that happened after the cut-off is looked at.
//
// How it counts:
//
//   - A case belongs to the month in which it was filed; what it was is what its events up to the cut-off say.
//   - 举报 are one number and nothing else (信访工作条例 art. 30): no section, no spot, no line.
//   - Whether a case was in time is said of all that were filed and not withdrawn: one that is still open is in the
//     denominator, so that leaving cases open makes no rate better.
//   - The three rates of the hotlines (三率): response, solved and satisfied. Enquiries and praise are not asked whether
//     they are satisfied. A rate of fewer than MinCases cases is not given: it would say who.
//   - Days are working days from the day after the filing to the answer that stands. Median and 90th percentile count
//     an open case as longer than every answered one.
//   - Cases of earlier months that were not settled when their month was counted are followed until they are.
package digest
