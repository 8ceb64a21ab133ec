// A token of Strongroom for the AWS identity of this process.
//
//	go mod init example && go get github.com/aws/aws-sdk-go-v2/config
//	AUTH_URL=https://auth.example.com/ go run token.go
package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/config"
)

// The SHA-256 of an empty body.
const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// presign makes a GetCallerIdentity request of STS that is good for a minute, and for this auth
// URL alone.
func presign(ctx context.Context, authURL, region string) (string, error) {
	loaded, err := config.LoadDefaultConfig(ctx, config.WithRegion(region))
	if err != nil {
		return "", err
	}
	credentials, err := loaded.Credentials.Retrieve(ctx)
	if err != nil {
		return "", err
	}
	query := url.Values{
		"Action":        {"GetCallerIdentity"},
		"Version":       {"2011-06-15"},
		"X-Amz-Expires": {"60"},
	}
	address := "https://sts." + region + ".amazonaws.com/?" + query.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	request.Header.Set("x-twisp-aws-id", authURL)
	signed, _, err := v4.NewSigner().PresignHTTP(ctx, credentials, request, emptyHash, "sts", region, time.Now())
	return signed, err
}

// token returns the JWT itself, and needs AUTH_URL with its final slash.
func token(ctx context.Context, authURL, region string) (string, error) {
	signed, err := presign(ctx, authURL, region)
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(map[string]string{
		"Token": "twisp-aws-v1." + base64.RawURLEncoding.EncodeToString([]byte(signed)),
	})
	if err != nil {
		return "", err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, authURL+"token/iam", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	request.Header.Set("content-type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil {
		return "", err
	}
	if answer.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s: %s", answer.Status, text)
	}
	return string(text), nil
}

func main() {
	region := os.Getenv("AWS_REGION")
	if region == "" {
		region = "us-east-1"
	}
	text, err := token(context.Background(), os.Getenv("AUTH_URL"), region)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(text)
}
