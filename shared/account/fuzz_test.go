package account

import "testing"

// FuzzHashes: no stored hash brings a sign-in down, or has it take more memory and time than it may.
func FuzzHashes(f *testing.F) {
	f.Add(phc(present, []byte("saltsaltsaltsalt"), make([]byte, sumBytes)))
	f.Add("$argon2id$v=19$m=4294967295,t=1,p=1$AAAA$AAAA")
	f.Add("$argon2id$v=19$m=1,t=0,p=0$$")
	f.Fuzz(func(t *testing.T, hash string) {
		if c, _, sum, ok := parsePHC(hash); ok && (!c.sane() || len(sum) != sumBytes) {
			t.Errorf("%q is read as %+v", hash, c)
		}
	})
}
