package io.jenkins.plugins.gitops.agent.cluster;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

public class RequestWindowTest {
    private final List<Integer> sent = new ArrayList<>();
    private final List<Integer> handled = new ArrayList<>();
    private int most;

    private final RequestWindow window = new RequestWindow((index, answer) -> handled.add(index));

    @Test
    public void atMostSixteenRequestsAreInFlight() throws Exception {
        for (int i = 0; i < 100; i++) {
            send(i);
        }
        window.finish();

        assertThat(most, is(RequestWindow.AT_ONCE));
        assertThat(handled, is(sent));
        assertThat(handled, hasSize(100));
    }

    @Test
    public void fewRequestsAreAllSentBeforeTheFirstResponse() throws Exception {
        send(0);
        send(1);

        assertThat(handled, hasSize(0));
        assertThat(most, lessThanOrEqualTo(2));
        window.finish();
        assertThat(handled, contains(0, 1));
    }

    private void send(int index) throws ClusterException {
        window.send(index, () -> {
            sent.add(index);
            most = Math.max(most, sent.size() - handled.size());
            return CompletableFuture.completedFuture(Map.of());
        });
    }
}
