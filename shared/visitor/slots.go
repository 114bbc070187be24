package visitor

import (
	"context"
	"time"

	"steledesk/shared/office"
	"steledesk/shared/suspicion"
)

// AdmitSlots lets n photo slots through for the filing of key ("" when it names none), with what came of an earlier
// *ProofNeeded. Errors: *ProofNeeded, *TooManySlots, ErrSlotKey. Slots are counted in this process alone: what is
// uploaded and not filed is deleted after a day, and S3 bounds each by itself.
func (g *Gate) AdmitSlots(ctx context.Context, key string, n int, proof string, now time.Time) error {
	l, err := g.slotLimits(ctx, key, n, now)
	if err != nil {
		return err
	}
	defer g.mu.Unlock()
	if need := suspicion.Flood(g.recent.allSlots, l.AllSlots); need != suspicion.None {
		if key == "" {
			return ErrSlotKey
		}
		slot := Arrival{Key: key, Proof: proof, Matter: Matter{Spot: slotTurns}}
		if !g.met(slot, false, need, l, now) {
			return g.challenge(need, l, key, now)
		}
	}
	g.recent.slots[key] += n
	g.recent.allSlots += n
	return nil
}

// AdmitMore lets n photos through that somebody adds to a ticket they have the code of: they are bound by its number
// alone, since a ticket came through the gate already. Errors: *TooManySlots.
func (g *Gate) AdmitMore(ctx context.Context, number string, n int, now time.Time) error {
	if _, err := g.slotLimits(ctx, number, n, now); err != nil {
		return err
	}
	defer g.mu.Unlock()
	g.recent.slots[number] += n
	return nil
}

// slotLimits gives the limits in force and leaves the gate locked, unless n slots more are too many for key.
func (g *Gate) slotLimits(ctx context.Context, key string, n int, now time.Time) (office.Limits, error) {
	o, _, err := g.Offices.Current(ctx)
	if err != nil {
		return office.Limits{}, err
	}
	l := o.Limits.InForce()
	g.mu.Lock()
	g.recent.forget(now, l)
	if key != "" && g.recent.slots[key]+n > l.SlotsAKey {
		g.mu.Unlock()
		return l, &TooManySlots{Most: l.SlotsAKey}
	}
	return l, nil
}
