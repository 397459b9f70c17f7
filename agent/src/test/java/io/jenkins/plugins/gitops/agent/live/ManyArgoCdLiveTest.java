package io.jenkins.plugins.gitops.agent.live;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import io.jenkins.plugins.gitops.core.await.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Many concurrent waits with a real Argo CD. */
public class ManyArgoCdLiveTest {
    private static final int WAITS = 56;
    private static final int MOST_REQUESTS_EACH = 5;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void allEndWithFewRequests() throws Exception {
        String prefix = "many-" + UUID.randomUUID().toString().substring(0, 8) + "-";
        List<String> apps = IntStream.range(0, WAITS).mapToObj(i -> prefix + i).toList();
        ArgoCdPlane argo = ArgoCdPlane.shared();
        List<ArgoCdDelivery> all = ArgoCdDelivery.createAll(folder.newFolder().toPath(), apps, argo.namespace());
        try (ArgoCdDelivery first = all.get(0);
                RequestCounter counter = RequestCounter.start(argo.url());
                ArgoCdReader counted = ArgoCdReader.start(counter.url(), argo.token("jenkins"))) {
            LiveRepository repository = first.delivery().repository();
            until(Verdict.Live.class, all, repository.tip(), LiveRepository.FIRST_TAG, counted);
            counter.reset();

            until(Verdict.Live.class, all, repository.setTag(apps, "1.1"), "1.1", counted);

            assertThat(counter.requests().size(), lessThanOrEqualTo(MOST_REQUESTS_EACH * apps.size()));
        }
    }

    private static void until(
            Class<? extends Verdict> end, List<ArgoCdDelivery> all, String commit, String tag, ArgoCdReader reader)
            throws Exception {
        List<LiveWait> waits = new ArrayList<>();
        for (ArgoCdDelivery one : all) {
            waits.add(one.await(commit, tag, reader));
        }
        for (LiveWait wait : waits) {
            wait.until(end);
        }
    }
}
