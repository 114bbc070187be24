package channel_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"steledesk/shared/channel"
)

// A section's WeCom group is told of an urgent complaint.
func ExampleSender_Send() {
	group := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct{ Markdown struct{ Content string } }
		json.NewDecoder(r.Body).Decode(&body)
		fmt.Println(body.Markdown.Content)
		fmt.Fprint(w, `{"errcode":0,"errmsg":"ok"}`)
	}))
	defer group.Close()

	beijing := time.FixedZone("UTC+8", 8*60*60)
	sender := &channel.Sender{
		Hosts:     []string{group.URL}, // in the cloud: https://qyapi.weixin.qq.com and its like
		PublicURL: "https://desk.example.cn",
		Now:       func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, beijing) },
	}
	err := sender.Send(context.Background(), channel.Channel{
		ID: "ticketing-group", Kind: channel.WeCom, Language: "zh",
		URL: group.URL + "/cgi-bin/webhook/send?key=73febdcb-1b38-4d1b",
	}, channel.News{
		Section: "ticketing", SectionName: "票务科",
		Items: []channel.Item{{
			Event: "WX-7K3FQ2MK/1", Ticket: "WX-7K3FQ2MK", What: "filed",
			KindName: "投诉", CategoryName: "排队与拥挤", SpotName: "东门",
			Urgent: true, Due: time.Date(2026, 11, 24, 17, 0, 0, 0, beijing),
		}},
	})
	switch {
	case errors.Is(err, channel.ErrRefused): // set aside; the operator mends the channel
	case errors.Is(err, channel.ErrRate): // try again after channel.RetryAfter(err)
	case err != nil: // try again soon, with News.Repeat set
	}
	// Output:
	// **票务科：1 条工单动态**
	// >**新工单** <font color="warning">加急</font> · [WX-7K3FQ2MK](https://desk.example.cn/desk#/t/WX-7K3FQ2MK) · 投诉 · 排队与拥挤 · 东门 · 期限 11月24日 17:00
	// [查看工单](https://desk.example.cn/desk#/t/WX-7K3FQ2MK)
}
