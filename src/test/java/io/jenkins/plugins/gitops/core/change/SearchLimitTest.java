package io.jenkins.plugins.gitops.core.change;

import static io.jenkins.plugins.gitops.core.git.ServedRepository.result;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.git.Change;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.ServedRepository;
import io.jenkins.plugins.gitops.core.model.Target;
import java.util.concurrent.ExecutionException;
import org.junit.Rule;
import org.junit.Test;

/** A target whose last change is older than all commits that are searched. */
public class SearchLimitTest {
    private static final int SEARCHED = 50_000;

    @Rule
    public final ServedRepository served = new ServedRepository();

    @Test
    public void olderChangesAreReportedAsUnknown() throws Exception {
        ConfigRepository clone = served.open();
        set(clone, "sha-1");
        set(clone, "sha-2");
        served.commitDirectly(SEARCHED - 2);
        TargetHistory.RecentHistory within = newest(clone);
        assertThat(within.cut(), is(true));
        assertThat(within.entries(), hasSize(1));
        assertThat(within.entries().get(0).images().get(0).from().tag(), is("sha-1"));
        served.commitDirectly(2);
        TargetHistory.RecentHistory beyond = newest(clone);
        assertThat(beyond.cut(), is(true));
        assertThat(beyond.entries(), is(empty()));
        Throwable refused = assertThrows(ExecutionException.class, () -> result(clone, rollback()))
                .getCause();
        assertThat(
                refused.getMessage(),
                is("payments-api/dev recently did not have another image; older commits than the newest 50,000 are not"
                        + " searched. Set the image instead."));
    }

    private static TargetHistory.RecentHistory newest(ConfigRepository clone) throws Exception {
        String tip = clone.fetch();
        Target target = Delivery.load(clone.files(tip)).target("payments-api", "dev");
        return TargetHistory.newest(clone, target, tip, 10);
    }

    private static void set(ConfigRepository clone, String tag) throws Exception {
        SetImagePlanner planner =
                new SetImagePlanner("payments-api", "dev", new ImageRequest(null, tag, null), metadata(tag));
        result(clone, new Change(tag, new Author("alice", "alice@example.com"), planner));
    }

    private static Change rollback() {
        return new Change(
                "back",
                new Author("alice", "alice@example.com"),
                new RollbackPlanner("payments-api", "dev", null, true, metadata("back")));
    }

    private static ChangeMetadata metadata(String operation) {
        return new ChangeMetadata(operation, null, "alice", "because");
    }
}
