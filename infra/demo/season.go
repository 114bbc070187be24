package demo

import (
	"errors"
	"math/rand/v2"
	"time"

	"steledesk/shared/workday"
)

// ahead is how far beyond now days of work are known: as long as anybody plans.
const ahead = 200

// busyMonths are how many visitors complain in each month of a year, beside weekends and holidays.
var busyMonths = [13]float64{0, 0.7, 0.75, 0.95, 1.2, 1.15, 0.95, 1.25, 1.3, 0.95, 1.1, 0.8, 0.65}

// busyHours are when in a day they do.
var busyHours = [24]int{1, 0, 0, 0, 0, 0, 1, 3, 8, 14, 18, 17, 11, 10, 15, 17, 15, 10, 6, 6, 6, 5, 4, 2}

// count spreads the tickets over the days, and notes which days are worked.
func (d *Desk) count() error {
	end := d.spec.Until.End()
	last := end
	if d.spec.Now.After(last) {
		last = d.spec.Now
	}
	last = last.AddDate(0, 0, ahead)
	calendar, err := d.office.Calendar()
	if err != nil {
		return err
	}
	for day := d.from; day.Before(last); day = day.AddDate(0, 0, 1) {
		works, err := calendar.IsWorkday(day)
		if errors.Is(err, workday.ErrNoData) { // staff plan their days all the same
			works, err = day.Weekday() != time.Saturday && day.Weekday() != time.Sunday, nil
		}
		if err != nil {
			return err
		}
		d.works = append(d.works, works)
	}
	d.spread(d.index(end))
	return nil
}

// spread gives each day its whole number of tickets; they add up to what was asked for.
func (d *Desk) spread(days int) {
	weights, sum := make([]float64, days), 0.0
	for i := range weights {
		weights[i] = d.weight(i)
		sum += weights[i]
	}
	total := d.spec.PerMonth * d.spec.Months
	d.counts = make([]int, days)
	done, upTo := 0, 0.0
	for i, w := range weights {
		upTo += w
		n := int(upTo / sum * float64(total))
		if i == days-1 {
			n = total
		}
		d.counts[i], done = n-done, n
	}
}

// weight is how busy a day is.
func (d *Desk) weight(i int) float64 {
	day := d.from.AddDate(0, 0, i)
	r := rand.New(rand.NewPCG(d.spec.Seed, uint64(day.Unix())))
	w := busyMonths[day.Month()] * (0.75 + 0.5*r.Float64())
	switch run := d.rest(i); {
	case d.works[i]:
		return w
	case run >= 5:
		return w * 4.2
	case run >= 3:
		return w * 2.8
	}
	return w * 1.7
}

// rest is how many days of rest in a row a day is one of.
func (d *Desk) rest(i int) int {
	if d.works[i] {
		return 0
	}
	first, last := i, i
	for first > 0 && !d.works[first-1] {
		first--
	}
	for last < len(d.works)-1 && !d.works[last+1] {
		last++
	}
	return last - first + 1
}

// holidays are what people call the busy days next to, or in, each month.
var holidays = [13]string{"", "元旦", "春节", "清明", "清明", "五一", "端午", "暑假", "暑假", "国庆", "国庆", "周末", "元旦"}

func (d *Desk) worked(t time.Time) bool { return d.works[min(d.index(t), len(d.works)-1)] }
