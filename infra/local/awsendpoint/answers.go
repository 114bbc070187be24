package awsendpoint

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"

	"steledesk/infra/local/awsendpoint/awsjson"
)

// ErrNoFunction is an Invoker's word for a name that no function has.
var ErrNoFunction = errors.New("no such function")

// refusal answers with an error in the JSON protocol, whose shape the SDKs of other protocols show too.
type refusal struct{ reason *awsjson.Error }

func (f *refusal) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	status := f.reason.Status
	if status == 0 {
		status = http.StatusBadRequest
	}
	body, _ := json.Marshal(map[string]string{"__type": f.reason.Code, "message": f.reason.Message}) // strings always encode
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.Header().Set("X-Amzn-Errortype", f.reason.Code)
	w.WriteHeader(status)
	w.Write(body)
}

type callerIdentity struct {
	XMLName xml.Name `xml:"https://sts.amazonaws.com/doc/2011-06-15/ GetCallerIdentityResponse"`
	Arn     string   `xml:"GetCallerIdentityResult>Arn"`
	UserID  string   `xml:"GetCallerIdentityResult>UserId"`
	Account string   `xml:"GetCallerIdentityResult>Account"`
}

// identity answers STS GetCallerIdentity, which people type to see whom they reached.
func identity(partition, account string) http.Handler {
	body, err := xml.Marshal(callerIdentity{
		Arn:     fmt.Sprintf("arn:%s:iam::%s:user/local", partition, account),
		UserID:  "AIDALOCAL",
		Account: account})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
		if called := r.FormValue("Action"); called != "GetCallerIdentity" || err != nil {
			unserved(fmt.Sprintf("the STS call %q", called)).ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/xml")
		w.Write(body)
	})
}

// maxPayload is the longest request a synchronous Lambda invocation takes.
const maxPayload = 6 << 20

// invocation answers Lambda Invoke of kind RequestResponse.
func invocation(invoke Invoker) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if kind := r.Header.Get("X-Amz-Invocation-Type"); kind != "" && kind != "RequestResponse" {
			(&refusal{awsjson.Errorf("InvalidParameterValueException",
				"The local stack invokes functions with the type RequestResponse only, not %s.", kind)}).ServeHTTP(w, r)
			return
		}
		payload, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPayload))
		if err != nil {
			(&refusal{&awsjson.Error{Code: "RequestTooLargeException", Status: http.StatusRequestEntityTooLarge,
				Message: "Request must be smaller than 6291456 bytes: " + err.Error()}}).ServeHTTP(w, r)
			return
		}
		function := r.PathValue("function")
		answer, functionError, err := invoke(r.Context(), function, payload)
		if err != nil {
			notInvoked(function, err).ServeHTTP(w, r)
			return
		}
		if functionError != "" {
			w.Header().Set("X-Amz-Function-Error", functionError)
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Amz-Executed-Version", "$LATEST")
		w.Write(answer)
	})
}

func notInvoked(function string, err error) http.Handler {
	if errors.Is(err, ErrNoFunction) {
		return &refusal{&awsjson.Error{Code: "ResourceNotFoundException", Status: http.StatusNotFound,
			Message: "Function not found: " + function}}
	}
	return &refusal{&awsjson.Error{Code: "ServiceException", Status: http.StatusInternalServerError,
		Message: fmt.Sprintf("Invoke %s: %v", function, err)}}
}
