package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

public class ClusterIdentityTest {
    private final List<String> log = new ArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile int code = 200;
    private volatile String uid = "first";
    private HttpServer server;
    private KubernetesClient client;
    private ClusterIdentity identity;

    @Before
    public void serve() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/namespaces/kube-system", exchange -> {
            requests.incrementAndGet();
            byte[] body = ("{\"metadata\":{\"uid\":\"" + uid + "\"}}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(code, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        identity = new ClusterIdentity(new ClusterApi(client, "gitops-agent-dev"), log::add);
    }

    @After
    public void close() {
        client.close();
        server.stop(0);
    }

    @Test
    public void readsTheUidOnce() throws Exception {
        assertThat(identity.uid(), is(Optional.of("first")));
        uid = "second";

        assertThat(identity.uid(), is(Optional.of("first")));
        assertThat(requests.get(), is(1));
        assertThat(identity.read(), is(Optional.of("second")));
        assertThat(log, is(List.of()));
    }

    @Test
    public void forbiddenIsReportedOnceWithTheRuleToGrant() throws Exception {
        code = 403;

        assertThat(identity.uid(), is(Optional.empty()));
        assertThat(identity.uid(), is(Optional.empty()));
        assertThat(log, contains(containsString("get on namespaces with resourceNames [kube-system]")));
    }

    @Test
    public void failureIsNotRemembered() throws Exception {
        code = 500;
        assertThrows(ClusterException.class, identity::uid);
        code = 200;

        assertThat(identity.uid(), is(Optional.of("first")));
    }
}
