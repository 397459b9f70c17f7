package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.net.URI;
import org.junit.Test;

public class RequestPolicyTest {
    private static final String OBJECT = "https://api.example.com/api/v1/namespaces/shop/configmaps/a";

    @Test
    public void readsAreSent() {
        assertReadOnlyAllows(true, "GET", OBJECT);
        assertReadOnlyAllows(true, "GET", OBJECT + "?watch=true");
        assertReadOnlyAllows(true, "HEAD", OBJECT);
    }

    @Test
    public void writesAreSentOnlyAsDryRuns() {
        for (String method : new String[] {"POST", "PUT", "PATCH"}) {
            assertReadOnlyAllows(true, method, OBJECT + "?dryRun=All");
            assertReadOnlyAllows(true, method, OBJECT + "?fieldManager=a&dryRun=All&force=true");
            assertReadOnlyAllows(false, method, OBJECT);
            assertReadOnlyAllows(false, method, OBJECT + "?fieldManager=a");
            assertReadOnlyAllows(false, method, OBJECT + "?dryRun=");
            assertReadOnlyAllows(false, method, OBJECT + "?dryRun=None");
            assertReadOnlyAllows(false, method, OBJECT + "?dryrun=All");
            assertReadOnlyAllows(false, method, OBJECT + "?xdryRun=All");
            assertReadOnlyAllows(false, method, OBJECT + "?dryRun=All&dryRun=None");
            assertReadOnlyAllows(false, method, OBJECT + "?fieldManager=a%26dryRun=All");
            assertReadOnlyAllows(false, method, OBJECT + "#dryRun=All");
        }
    }

    /** The API server reads the options of a deletion from its body, regardless of the query. */
    @Test
    public void deletionsAreNeverSent() {
        assertReadOnlyAllows(false, "DELETE", OBJECT);
        assertReadOnlyAllows(false, "DELETE", OBJECT + "?dryRun=All");
    }

    @Test
    public void unknownRequestsAreNotSent() {
        assertReadOnlyAllows(false, "CONNECT", OBJECT);
        assertReadOnlyAllows(false, "patch", OBJECT);
        assertReadOnlyAllows(false, "", OBJECT);
    }

    @Test
    public void otherAgentsSendEverything() {
        assertThat(RequestPolicy.READ_WRITE.allows("DELETE", URI.create(OBJECT)), is(true));
        assertThat(RequestPolicy.READ_WRITE.allows("PATCH", URI.create(OBJECT)), is(true));
    }

    private static void assertReadOnlyAllows(boolean allowed, String method, String uri) {
        assertThat(method + " " + uri, RequestPolicy.READ_ONLY.allows(method, URI.create(uri)), is(allowed));
    }
}
