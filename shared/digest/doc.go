// Package digest computes what a month came to, for the meeting of the supervisors: pure figures from the events of
// tickets, with no clock, storage or network. The same events give the same figures, whenever and however often they
// are counted, because nothing that happened after the cut-off is looked at, but for one thing: what has become a 举报
// by now is one in every digest that is made from then on.
//
// How it counts:
//
//   - A case belongs to the month, in China, in which it was filed; what it was is what its events before the cut-off
//     say. Category, spot, section and state are those at the cut-off: a case that was transferred counts with the
//     section that has it then. Only that a case was sent back (退单) counts with the section that did so, in the table
//     of sections; once, however often it did.
//   - 举报 are one number and nothing else (信访工作条例 art. 30): no section, no spot, no line.
//   - Supervisors' feedback is counted by itself (Kinds, Feedback), decisions with their meeting; all other figures are
//     without both.
//   - Each matter that somebody filed is one, also when it was linked with others (并案): it is answered when its lead is.
//     An answer that was taken back, since the link was a mistake, was none, and neither is what was rated of it.
//   - Whether a case was in time is said of all that were filed and not withdrawn: one that is still open is in the
//     denominator, so that leaving cases open makes no rate better. To be declined or referred is to be answered; a
//     draft that waits for approval is no answer. A case is late when any of its answers, first or after it was
//     reopened, came after the time that was set then, extensions and pauses included. An open case is overdue when its
//     time is over; while it waits for its visitor, when its time was over before that.
//   - The three rates of the hotlines (三率): response, solved and satisfied. A case is responded to when it was signed
//     for, linked with a lead, answered, declined or referred by the time it was to be signed for when it was filed;
//     what is not, is counted once that time is over, and never when its visitor took it back before. Ratings are the
//     last of each case. Enquiries and praise are not asked whether they are satisfied. A rate of fewer than MinCases
//     cases is not given: it would say who.
//   - Days are working days from the day after the filing to the answer that stands. Median and 90th percentile count
//     an open case as longer than every answered one.
//   - Outcomes are those of cases that are not open.
//   - Cases of earlier months that were not settled when their month was counted are followed until they are.
package digest
