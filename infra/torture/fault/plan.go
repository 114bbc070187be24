// Package fault stands in front of the AWS endpoint and does to calls what networks, throttles and crashes do: it
// refuses, delays, loses and repeats them, and has their callers killed. Which call suffers what follows from a seed.
package fault

import (
	"hash/fnv"
	"math/rand/v2"
	"time"
)

// Kind is what happens to one call.
type Kind string

// The kinds. All but None are counted.
const (
	None     Kind = ""
	Throttle Kind = "throttled"       // refused as the service does that is asked too much
	Delay    Kind = "delayed"         // carried out, later
	Drop     Kind = "dropped"         // the connection ends, nothing was done
	Broken   Kind = "answered 500"    // nothing was done
	Lost     Kind = "answer lost"     // carried out, and the connection ends without an answer
	Late     Kind = "answered late"   // carried out at once, answered long after
	Repeat   Kind = "done twice"      // carried out twice; the first answer is given
	Kill     Kind = "killed before"   // the caller dies before its call is carried out
	KillLate Kind = "killed after"    // the caller dies after it, and never hears of it
	Reverse  Kind = "reordered"       // the messages of an answer come in another order
	Poison   Kind = "poison message"  // counted by those who send it
	Again    Kind = "redelivered"     // likewise: a message of a queue is delivered once more
	Rewind   Kind = "stream reread"   // likewise: old records of the stream are delivered again, in another order
	Skip     Kind = "clock jumped"    // likewise
	Receiver Kind = "receiver failed" // likewise: a section's program refuses, hangs or loses its answer
)

// Rates are how many calls of ten thousand suffer each kind.
type Rates map[Kind]int

// Rough are the rates of a bad day: about one call in fifteen suffers something. Deaths are rarer than the rest, and of
// them those before a call rarest: a sender that dies before its note of a program's answer leaves a doubt that nobody
// can settle, so whoever promises one repeat in a thousand cannot be shown to keep it under more such deaths than that.
func Rough() Rates {
	return Rates{
		Throttle: 120, Delay: 150, Drop: 80, Broken: 80, Lost: 80, Late: 40, Repeat: 80, Kill: 2, KillLate: 10, Reverse: 800,
	}
}

// order is in which the kinds share the ten thousand, so that a seed means the same in every run.
var order = []Kind{Throttle, Delay, Drop, Broken, Lost, Late, Repeat, Kill, KillLate}

// plan decides. The n-th call of a kind by a caller always suffers the same under the same seed; which of several
// calls at once is the n-th is up to the machine.
type plan struct {
	seed  uint64
	rates Rates
}

// draw gives the random numbers of one call.
func (p plan) draw(caller, call string, n int) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(caller + "\x00" + call))
	return rand.New(rand.NewPCG(p.seed, h.Sum64()+uint64(n)*0x9E3779B97F4A7C15))
}

func (p plan) decide(caller, call string, n int) (Kind, time.Duration) {
	r := p.draw(caller, call, n)
	at := r.IntN(10_000)
	for _, k := range order {
		if at -= p.rates[k]; at < 0 {
			return k, pause(k, r)
		}
	}
	if call == "sqs.ReceiveMessage" && r.IntN(10_000) < p.rates[Reverse] {
		return Reverse, 0
	}
	return None, 0
}

func pause(k Kind, r *rand.Rand) time.Duration {
	switch k {
	case Delay:
		return time.Duration(10+r.IntN(90)) * time.Millisecond
	case Late:
		return time.Duration(300+r.IntN(700)) * time.Millisecond
	}
	return 0
}
