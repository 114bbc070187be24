package web

import "steledesk/shared/httpapi"

// Challenge is what lets a slowed filing through; nil: it is not slowed.
func (p FilePage) Challenge() *httpapi.Challenge {
	if p.Form.Problem == nil {
		return nil
	}
	return p.Form.Problem.Challenge
}

// Proof is what the form sends along: the token of its challenge, which is good after some waiting and which a script
// makes a proof of; or what the form came with.
func (p FilePage) Proof() string {
	if c := p.Challenge(); c != nil {
		return c.Token
	}
	return p.Form.Value("proof")
}

// WaitSeconds is how long a browser without scripts waits before it sends a slowed filing again.
func (p FilePage) WaitSeconds() int { return int(p.Form.Problem.Wait().Seconds()) }
