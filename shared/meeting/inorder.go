package meeting

import (
	"context"
	"iter"
)

// outcome is what came of one piece of work.
type outcome[T any] struct {
	value T
	err   error
}

// inOrder does work on each item, up to width of them at once, and gives what came of it in the order of the items. It
// ends at the first error, of the items or of the work, and never holds more than width results.
func inOrder[I, O any](ctx context.Context, items iter.Seq2[I, error], width int, work func(context.Context, I) (O, error)) iter.Seq2[O, error] {
	return func(yield func(O, error) bool) {
		outer := ctx
		ctx, stop := context.WithCancel(outer)
		defer stop()
		under := make(chan chan outcome[O], width-1) // one more is being waited for
		go func() {
			defer close(under)
			for item, err := range items {
				one := make(chan outcome[O], 1)
				select {
				case <-ctx.Done():
					return
				case under <- one:
				}
				if err != nil {
					one <- outcome[O]{err: err}
					return
				}
				go func() {
					value, err := work(ctx, item)
					one <- outcome[O]{value, err}
				}()
			}
		}()
		for one := range under {
			got := <-one
			if !yield(got.value, got.err) || got.err != nil {
				return
			}
		}
		if err := outer.Err(); err != nil { // not all of the items were seen
			yield(*new(O), err)
		}
	}
}
