package demo

import (
	"time"

	"steledesk/shared/ticket"
)

// Numbers of made-up tickets: month and serial, mixed with the seed so that they look like others. The mixing can be
// undone, so no two tickets of a seed share a number.
const (
	serialBits = 20
	numberBits = 35
	numberMask = 1<<numberBits - 1
)

func (d *Desk) number(day time.Time, serial int) string {
	y, m, _ := day.Date()
	months := uint64(y-2000)*12 + uint64(m)
	v := months<<serialBits | uint64(serial)
	return ticket.NewNumber(d.office.Desk.Prefix, mix(v^mix(d.spec.Seed)))
}

// mix shuffles the numbers of numberBits bits: each step can be undone.
func mix(v uint64) uint64 {
	v &= numberMask
	for _, odd := range []uint64{0x5_9E37_79B9, 0x2_85EB_CA6B, 0x4_C2B2_AE35} {
		v = v * odd & numberMask
		v ^= v >> 18
	}
	return v
}
