package sqs

import "sync"

// bells tell long polls that their queue may have something for them. A poll first takes the bell, then looks, then
// waits on the bell: a message that arrives between looking and waiting has rung it.
type bells struct {
	mu    sync.Mutex
	queue map[int64]chan struct{}
}

// bell returns a channel that is closed when the queue's bell rings next.
func (b *bells) bell(queue int64) <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.queue == nil {
		b.queue = map[int64]chan struct{}{}
	}
	if b.queue[queue] == nil {
		b.queue[queue] = make(chan struct{})
	}
	return b.queue[queue]
}

func (b *bells) ring(queue int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c, ok := b.queue[queue]; ok {
		close(c)
		delete(b.queue, queue)
	}
}

func (b *bells) ringAll() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.queue {
		close(c)
	}
	clear(b.queue)
}
