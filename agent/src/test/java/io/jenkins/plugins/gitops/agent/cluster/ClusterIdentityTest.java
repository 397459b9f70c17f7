package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

public class ClusterIdentityTest {
    @Rule
    public final StubApiServer server = new StubApiServer(namespace("first"));

    private final List<String> log = new ArrayList<>();
    private ClusterIdentity identity;

    @Before
    public void setUp() {
        identity = new ClusterIdentity(new ClusterApi(server.client(), "gitops-agent-dev"), log::add);
    }

    private static String namespace(String uid) {
        return "{\"metadata\":{\"uid\":\"" + uid + "\"}}";
    }

    @Test
    public void readsTheUidOnce() throws Exception {
        assertThat(identity.uid(), is(Optional.of("first")));
        server.answer(namespace("second"));

        assertThat(identity.uid(), is(Optional.of("first")));
        assertThat(server.requests(), contains("GET /api/v1/namespaces/kube-system"));
        assertThat(identity.read(), is(Optional.of("second")));
        assertThat(log, is(List.of()));
    }

    @Test
    public void forbiddenIsReportedOnceWithTheRuleToGrant() throws Exception {
        server.answer(403);

        assertThat(identity.uid(), is(Optional.empty()));
        assertThat(identity.uid(), is(Optional.empty()));
        assertThat(log, contains(containsString("get on namespaces with resourceNames [kube-system]")));
    }

    @Test
    public void failureIsNotRemembered() throws Exception {
        server.answer(500);
        assertThrows(ClusterException.class, identity::uid);
        server.answer(200);

        assertThat(identity.uid(), is(Optional.of("first")));
    }
}
