package io.jenkins.plugins.gitops.core.change;

import static io.jenkins.plugins.gitops.core.change.ExampleClone.APP;
import static io.jenkins.plugins.gitops.core.change.ExampleClone.DEV_FILE;
import static io.jenkins.plugins.gitops.core.change.ExampleClone.origin;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.junit.rules.TemporaryFolder;

/** Two changes with the same operation id are an error that must be reported. */
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
    public void sameOperationIdChangesEachTargetOnce() throws Exception {
        ChangeResult dev = clone.set("dev", "v2", OP);
        ChangeResult staging = clone.set("staging", "v2", OP);
        assertThat(staging.changed(), is(true));
        assertThat(staging.trailers().all(Trailers.TARGET), is(List.of(APP + "/staging")));
        assertThat(clone.set("dev", "v2", OP), is(dev));
        assertThat(clone.set("staging", "v2", OP), is(staging));
        assertThat(clone.tip(), is(staging.revision()));
    }

    @Test
    public void sameOperationIdChangesEachTargetOnceWithinOneGroup() throws Exception {
        clone.pause();
        CompletableFuture<ChangeResult> dev = clone.ask(OP, ExampleClone.setImage("dev", "v2", OP));
        CompletableFuture<ChangeResult> staging = clone.ask(OP, ExampleClone.setImage("staging", "v2", OP));
        CompletableFuture<ChangeResult> again = clone.ask(OP, ExampleClone.setImage("staging", "v2", OP));
        CompletableFuture<ChangeResult> other = clone.ask(OP, ExampleClone.setImage("staging", "v3", OP));
        clone.resume();
        assertThat(ExampleClone.result(dev).trailers().all(Trailers.TARGET), is(List.of(APP + "/dev")));
        assertThat(ExampleClone.result(staging).trailers().all(Trailers.TARGET), is(List.of(APP + "/staging")));
        assertThat(ExampleClone.result(again), is(ExampleClone.result(staging)));
        assertThat(
                assertThrows(UserErrorException.class, () -> ExampleClone.result(other))
                        .getMessage(),
                startsWith("Operation \"" + OP + "\" was already used for the set image of " + APP + "/staging to "));
        assertThat(clone.tip(), is(ExampleClone.result(staging).revision()));
    }

    @Test
    public void sameOperationIdMayBeUsedForAChangeAndItsRollback() throws Exception {
        ChangeResult first = clone.set("dev", "v2", OP);
        ChangeResult back = clone.rollback("dev", null, true, OP);
        assertThat(back.changed(), is(true));
        assertThat(clone.text(DEV_FILE), containsString("sha-a1b2c3d"));
        ChangeResult released = clone.submit(OP, new ReleasePlanner(APP, "dev", origin(OP)));
        assertThat(released.changed(), is(true));
        assertThat(clone.set("dev", "v2", OP), is(first));
        assertThat(clone.rollback("dev", null, true, OP), is(back));
        assertThat(clone.submit(OP, new ReleasePlanner(APP, "dev", origin(OP))), is(released));
        assertThat(clone.tip(), is(released.revision()));
        List<HistoryEntry.EntryKind> kinds =
                TargetHistory.newestFirst(clone.repository(), clone.target("dev"), clone.tip(), 3).stream()
                        .map(HistoryEntry::kind)
                        .toList();
        assertThat(
                kinds,
                is(List.of(
                        HistoryEntry.EntryKind.RELEASE,
                        HistoryEntry.EntryKind.ROLLBACK,
                        HistoryEntry.EntryKind.SET_IMAGE)));
    }

    /** A host that squashes the commits of a pull request concatenates their messages. */
    @Test
    public void changesOfSeveralTargetsAreFoundInOneSquashedCommit() throws Exception {
        String staging = DEV_FILE.replace("/dev/", "/staging/");
        String message = "Release 1.4 (#7)\n\n* " + message("dev", DEV_FILE) + "\n* " + message("staging", staging);
        ObjectId tip = clone.others().tip();
        ObjectId squash = clone.others().commit(ExternalCommits.DAVE, message, DEV_FILE, text(DEV_FILE, "v2"), tip);
        clone.others().push(squash);
        clone.repository().fetch();
        ChangeResult dev = clone.set("dev", "v2", OP);
        ChangeResult other = clone.set("staging", "v2", OP);
        assertThat(dev.revision(), is(squash.name()));
        assertThat(dev.trailers().all(Trailers.TARGET), is(List.of(APP + "/dev")));
        assertThat(other.revision(), is(squash.name()));
        assertThat(other.trailers().all(Trailers.TARGET), is(List.of(APP + "/staging")));
        assertThat(clone.tip(), is(squash.name()));
    }

    @Test
    public void anotherImageOfTheSameTargetIsRejectedByName() throws Exception {
        ChangeResult first = clone.set("dev", "v2", OP);
        String message = refusal(ExampleClone.setImage("dev", "v3", OP));
        assertThat(
                message,
                startsWith("Operation \"" + OP + "\" was already used for the set image of " + APP + "/dev to "));
        String commit = "v2 in commit " + first.revision().substring(0, 8) + ". Give this change its own operation.";
        assertThat(message, endsWith(commit));
        assertThat(clone.tip(), is(first.revision()));
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

    private String message(String environment, String file) throws Exception {
        String image = text(file, "v2").replaceAll("(?s).*name: (\\S+).*", "$1");
        return Trailers.none()
                .with(Trailers.OPERATION, OP)
                .with(Trailers.TARGET, APP + "/" + environment)
                .with(Trailers.IMAGE, image + ":v1 -> " + image + ":v2")
                .message(APP + "/" + environment + ": set image");
    }

    private String text(String file, String tag) throws Exception {
        return clone.text(file).replaceAll("newTag: .*", "newTag: " + tag);
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
