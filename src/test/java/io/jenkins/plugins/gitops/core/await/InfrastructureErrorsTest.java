package io.jenkins.plugins.gitops.core.await;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.List;
import org.junit.Test;

/** Error messages as written by Argo CD, Flux, Kubernetes, Git and Go. */
public class InfrastructureErrorsTest {
    @Test
    public void infrastructureErrorsAreNotErrorsOfTheCommit() {
        for (String text : List.of(
                "rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial tcp"
                        + " 10.0.0.1:8081: connect: connection refused\"",
                "rpc error: code = DeadlineExceeded desc = context deadline exceeded",
                "rpc error: code = Canceled desc = context canceled",
                "health check failed after 9.5s: context canceled",
                "read tcp 10.0.0.1:443: read: connection reset by peer",
                "dial tcp: lookup git.example.com on 10.96.0.10:53: no such host",
                "dial tcp 10.0.0.1:443: i/o timeout",
                "Get \"https://10.96.0.1:443/api/v1\": net/http: TLS handshake timeout",
                "Get \"https://git.example.com/info/refs\": EOF",
                "net/http: request canceled (Client.Timeout exceeded while awaiting headers)",
                "Operation cannot be fulfilled on deployments.apps \"web\": the object has been modified; please apply your"
                        + " changes to the latest version and try again",
                "Too many requests, please try again later",
                "unexpected status code 503: Service Unavailable",
                "the server returned error: 502",
                "Bad Gateway",
                "Internal error occurred: failed calling webhook \"check.example.com\": no endpoints available",
                "etcdserver: request timed out",
                "the server is currently unable to handle the request",
                "An error on the server (\"unknown\") has prevented the request from succeeding",
                "`kustomize build` failed timeout after 1m30s",
                "tls: failed to verify certificate: x509: certificate signed by unknown authority",
                "Operation terminated",
                "failed to download archive: giving up after 10 attempt(s)")) {
            assertThat(text, InfrastructureErrors.matches(text), is(true));
        }
    }

    @Test
    public void unreadableSourceIsNotAnErrorOfTheCommit() {
        for (String text : List.of(
                "failed to list refs: authentication required: Repository not found.",
                "fatal: unable to access 'https://git.example.com/shop.git/': Could not resolve host: git.example.com",
                "fatal: could not read Username for 'https://git.example.com': terminal prompts disabled",
                "Unable to resolve 'main' to a commit SHA",
                "ssh: handshake failed: ssh: unable to authenticate",
                "git@git.example.com: Permission denied (publickey).")) {
            assertThat(text, InfrastructureErrors.matches(text), is(true));
        }
    }

    @Test
    public void errorsOfTheCommitAreRecognized() {
        for (String text : List.of(
                "rpc error: code = Unknown desc = `kustomize build <path to cached source>/services/web` failed exit status 1:"
                        + " Error: accumulating resources: accumulation err='accumulating resources from 'missing.yaml': open"
                        + " missing.yaml: no such file or directory'",
                "kustomize build failed: accumulating resources: open timeout.yaml: no such file or directory",
                "Deployment.apps \"web\" is invalid: spec.selector: Invalid value: field is immutable",
                "admission webhook \"policy.example.com\" denied the request: image is not signed",
                "Deployment \"web\" exceeded its progress deadline",
                "ProgressDeadlineExceeded: 1 of 3 updated",
                "Job has reached the specified backoff limit (DeadlineExceeded)",
                "one or more objects failed to apply",
                "spec.ports[0].port: Invalid value: 50300: must be less than 500",
                "Apply failed with 1 conflict: conflict with \"kubectl\" using apps/v1: .spec.replicas",
                "namespaces \"shop\" not found",
                "exceeded quota: compute, requested: cpu=500m",
                "error converting YAML to JSON: yaml: line 7: did not find expected key")) {
            assertThat(text, InfrastructureErrors.matches(text), is(false));
        }
        assertThat(InfrastructureErrors.matches(null), is(false));
    }
}
