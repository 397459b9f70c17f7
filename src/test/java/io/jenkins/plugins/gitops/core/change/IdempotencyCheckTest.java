package io.jenkins.plugins.gitops.core.change;

import static io.jenkins.plugins.gitops.core.change.ExampleClone.APP;
import static io.jenkins.plugins.gitops.core.change.ExampleClone.origin;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.concurrent.ExecutionException;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.junit.rules.TemporaryFolder;

/** One name for two changes is a mistake that must not end well. */
public class IdempotencyCheckTest {
    private static final String OP = "release-1.4";

    private final TemporaryFolder folder = new TemporaryFolder();
    private final ExampleClone clone = new ExampleClone(folder);

    @Rule
    public final RuleChain rules = RuleChain.outerRule(folder).around(clone);

    @Test
    public void sameChangeReturnsTheEarlierResult() throws Exception {
        ChangeResult first = clone.set("dev", "v2", OP);
        assertThat(clone.set("dev", "v2", OP), is(first));
        ChangeResult taken = clone.rollback("dev", null, true, "op-rollback");
        assertThat(clone.rollback("dev", null, true, "op-rollback"), is(taken));
    }

    @Test
    public void anotherTargetImageOrKindIsRejectedByName() throws Exception {
        ChangeResult first = clone.set("dev", "v2", OP);
        String used = "Operation \"" + OP + "\" was already used for the set image of " + APP + "/dev to ";
        String commit = "v2 in commit " + first.revision().substring(0, 8) + ". Give this change its own operation.";
        for (ChangePlanner other : new ChangePlanner[] {
            ExampleClone.setImage("staging", "v2", OP),
            ExampleClone.setImage("dev", "v3", OP),
            new RollbackPlanner(APP, "dev", null, true, origin(OP)),
            new HoldPlanner(APP, "dev", origin(OP)),
            new ReleasePlanner(APP, "dev", origin(OP))
        }) {
            String message = refusal(other);
            assertThat(message, startsWith(used));
            assertThat(message.endsWith(commit), is(true));
        }
        assertThat(clone.tip(), is(first.revision()));
        clone.submit("op-hold", new HoldPlanner(APP, "dev", origin("op-hold")));
        assertThat(
                refusalOf("op-hold", new ReleasePlanner(APP, "dev", origin("op-hold"))),
                startsWith("Operation \"op-hold\" was already used for the hold of " + APP + "/dev in commit "));
    }

    @Test
    public void theSameVersionOfAnotherImageIsRejected() throws Exception {
        ChangeResult first = clone.set("dev", "v2", OP);
        ImageRequest other = new ImageRequest("ghcr.io/myorg/sidecar", "v2", null);
        assertThat(refusal(new SetImagePlanner(APP, "dev", other, origin(OP))), startsWith("Operation \"" + OP));
        String name = ImageChange.of(first.trailers()).get(0).to().name();
        ImageRequest same = new ImageRequest(name, "v2", null);
        assertThat(clone.submit(OP, new SetImagePlanner(APP, "dev", same, origin(OP))), is(first));
    }

    @Test
    public void aRollbackToAnotherStateIsRejected() throws Exception {
        clone.set("dev", "v2", "op-v2");
        clone.set("dev", "v3", "op-v3");
        ChangeResult first = clone.rollback("dev", "v2", false, "op-back");
        assertThat(clone.rollback("dev", "v2", false, "op-back"), is(first));
        assertThat(
                refusalOf("op-back", new RollbackPlanner(APP, "dev", "v3", false, origin("op-back"))),
                startsWith("Operation \"op-back\" was already used for the rollback of " + APP + "/dev"));
    }

    private String refusal(ChangePlanner planner) {
        return refusalOf(OP, planner);
    }

    private String refusalOf(String operation, ChangePlanner planner) {
        Exception e = assertThrows(Exception.class, () -> clone.submit(operation, planner));
        Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
        assertThat(cause.toString(), cause instanceof UserErrorException, is(true));
        return cause.getMessage();
    }
}
