package io.jenkins.plugins.gitops.core.change;

import static io.jenkins.plugins.gitops.core.change.ExampleClone.APP;
import static io.jenkins.plugins.gitops.core.change.ExampleClone.DEV_FILE;
import static io.jenkins.plugins.gitops.core.change.ExampleClone.IMAGE;
import static io.jenkins.plugins.gitops.core.change.ExampleClone.origin;
import static io.jenkins.plugins.gitops.core.change.ExampleClone.setImage;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;
import org.junit.rules.RuleChain;
import org.junit.rules.TemporaryFolder;

/** What blocks an image change: holds, newer builds, missing reasons; and that unchanged images always pass. */
public class ChangePreconditionsTest {
    private static final String HOLD_FILE = ".gitops/holds/dev/payments-api.yaml";

    private final TemporaryFolder folder = new TemporaryFolder();
    private final ExampleClone clone = new ExampleClone(folder);

    @Rule
    public final RuleChain rules = RuleChain.outerRule(folder).around(clone);

    @Test
    public void rollbackHoldsInTheSameCommit() throws Exception {
        clone.set("dev", "sha-1");
        ChangeResult back = clone.rollback("dev", null, true, "op-back");
        assertThat(back.files(), is(List.of(HOLD_FILE, DEV_FILE)));
        assertThat(back.trailers().first(Trailers.HOLD), is(Optional.of("held")));
        Hold hold = hold().orElseThrow();
        assertThat(hold.by(), is("alice"));
        assertThat(hold.reason(), is("because"));
        assertThat(hold.operation(), is("op-back"));
        assertThat(clone.rollback("dev", null, true, "op-back").revision(), is(back.revision()));
        assertThat(clone.tip(), is(back.revision()));
    }

    @Test
    public void heldTargetRejectsNewImagesUntilReleased() throws Exception {
        clone.set("staging", "sha-1");
        clone.hold("staging");
        String message =
                ".gitops/holds/staging/payments-api.yaml: payments-api/staging is held by alice: because. Release"
                        + " it first, on its history page in Jenkins or with the command release.";
        refuses(message, () -> clone.set("staging", "sha-2"));
        refuses(
                message,
                () -> clone.submit(
                        "op-f",
                        new SetImagePlanner(
                                APP,
                                "staging",
                                List.of(new ImageRequest(null, "sha-2", null)),
                                new SetImagePlanner.Options(false, true),
                                origin("op-f"))));
        clone.set("dev", "sha-3");
        refuses(message, () -> clone.promote("dev", "staging", origin("op-p")));
        assertThat("another environment is free", clone.set("dev", "sha-4").changed(), is(true));
        assertThat(clone.rollback("staging", null, true, "op-r").changed(), is(true));
        ChangeResult released = clone.release("staging");
        assertThat(released.files(), is(List.of(".gitops/holds/staging/payments-api.yaml")));
        assertThat(released.trailers().first(Trailers.HOLD), is(Optional.of("released")));
        assertThat(clone.promote("dev", "staging", origin("op-q")).changed(), is(true));
    }

    @Test
    public void redundantHoldAndReleaseMakeNoCommit() throws Exception {
        assertThat(clone.release("dev").changed(), is(false));
        ChangeResult held = clone.hold("dev");
        assertThat(held.changed(), is(true));
        ChangeResult again = clone.hold("dev");
        assertThat(again.changed(), is(false));
        assertThat(again.revision(), is(held.revision()));
        assertThat(clone.tip(), is(held.revision()));
    }

    @Test
    public void holdNeedsAReason() {
        refuses(
                "A hold of payments-api/dev requires a reason. Give a reason.",
                () -> clone.submit("op", new HoldPlanner(APP, "dev", new ChangeMetadata("op", null, "alice", " "))));
    }

    @Test
    public void malformedHoldStillHolds() throws Exception {
        for (String broken : List.of("", "reason: [\n", "- x\n", "reason: gone\nreason: twice\n", "by: \"\\x\"\n")) {
            clone.byHand(HOLD_FILE, broken, Trailers.none());
            UserErrorException e = assertThrows(UserErrorException.class, () -> clone.set("dev", "sha-1"));
            assertThat(e.getMessage(), containsString("payments-api/dev is held by unknown: "));
        }
        clone.hold("dev");
        assertThat(clone.release("dev").changed(), is(true));
        assertThat(hold(), is(Optional.empty()));
    }

    @Test
    public void anyReasonTextRoundTripsThroughTheFile() throws Exception {
        String odd = "\"quoted\" \\ # no: comment ' {} \u00fc \ud83d\ude00 \u200b\ufeff";
        Hold hold = Hold.of(new ChangeMetadata("job#1/5@k", null, "a\nb", odd + "\r\nnext"));
        clone.byHand(HOLD_FILE, new String(hold.content(), StandardCharsets.UTF_8), Trailers.none());
        assertThat(hold(), is(Optional.of(hold)));
        assertThat(hold.reason(), is(odd + " next"));
        assertThat(hold.by(), is("a b"));
        assertThat(hold.since().isAfter(Instant.EPOCH), is(true));
    }

    @Test
    public void newReasonReplacesTheOldOneWhenAHeldTargetIsRolledBack() throws Exception {
        clone.set("dev", "sha-1");
        clone.set("dev", "sha-2");
        clone.rollback("dev", null, true, "op-first");
        clone.rollback("dev", null, true, "op-second");
        assertThat(hold().orElseThrow().operation(), is("op-second"));
        ChangeResult none = clone.rollback("dev", "sha-a1b2c3d", true, "op-third");
        assertThat(none.changed(), is(false));
        assertThat(hold().orElseThrow().operation(), is("op-second"));
    }

    @Test
    public void imageAlreadySetIsNeverRejected() throws Exception {
        ChangeResult first = clone.set("dev", "sha-1", "job#8/5@k");
        assertThat(clone.set("dev", "sha-1", "job#7/5@j").changed(), is(false));
        clone.hold("dev");
        ChangeResult again = clone.set("dev", "sha-1");
        assertThat(again.changed(), is(false));
        assertThat("the commit that brought it", again.revision(), is(first.revision()));
        clone.promote("dev", "staging", origin("op-p"));
        clone.hold("staging");
        assertThat(clone.promote("dev", "staging", origin("op-q")).changed(), is(false));
    }

    @Test
    public void olderBuildDoesNotOverwriteANewerOneUnlessForced() throws Exception {
        clone.set("dev", "sha-6", "job#6/5@h");
        ChangeResult newer = clone.set("dev", "sha-8", "job#8/5@k");
        StaleBuildException e = assertThrows(StaleBuildException.class, () -> clone.set("dev", "sha-7", "job#7/5@j"));
        assertThat(
                e.getMessage(),
                is("job #7 is older than job #8, which wrote " + IMAGE + ":sha-8 to payments-api/dev in "
                        + newer.revision().substring(0, 8)
                        + ". Start the job again, or write the older image with force."));
        assertThat(clone.text(DEV_FILE), containsString("sha-8"));
        assertThat(clone.rollback("dev", null, false, "job#7/6@j").changed(), is(true));
        ChangeResult forced = clone.submit(
                "job#7/7@j",
                new SetImagePlanner(
                        APP,
                        "dev",
                        List.of(new ImageRequest(null, "sha-7", null)),
                        new SetImagePlanner.Options(false, true),
                        origin("job#7/7@j")));
        assertThat(forced.changed(), is(true));
    }

    @Test
    public void olderBuildDoesNotPromoteOverANewerOne() throws Exception {
        clone.set("dev", "sha-8");
        clone.promote("dev", "staging", origin("job#8/5@k"));
        clone.set("dev", "sha-7");
        StaleBuildException e =
                assertThrows(StaleBuildException.class, () -> clone.promote("dev", "staging", origin("job#7/5@j")));
        assertThat(e.getMessage(), containsString("Start the job again to promote what is verified now."));
    }

    @Test
    public void olderBuildIsStaleWithinOneGroup() throws Exception {
        clone.pause();
        CompletableFuture<ChangeResult> newer = clone.ask("job#8/5@k", setImage("dev", "sha-8", "job#8/5@k"));
        CompletableFuture<ChangeResult> older = clone.ask("job#7/5@j", setImage("dev", "sha-7", "job#7/5@j"));
        CompletableFuture<ChangeResult> back =
                clone.ask("op-back", new RollbackPlanner(APP, "dev", null, true, origin("op-back")));
        CompletableFuture<ChangeResult> late = clone.ask("op-late", setImage("dev", "sha-9", "op-late"));
        clone.resume();
        assertThat(ExampleClone.result(newer).changed(), is(true));
        assertThrows(StaleBuildException.class, () -> ExampleClone.result(older));
        assertThat(
                ExampleClone.result(back).trailers().first(Trailers.ROLLBACK_OF).orElseThrow(),
                is(ExampleClone.result(newer).revision()));
        assertThat(
                assertThrows(UserErrorException.class, () -> ExampleClone.result(late))
                        .getMessage(),
                containsString("is held by alice"));
        assertThat(clone.text(DEV_FILE), not(containsString("sha-9")));
    }

    @Test
    public void environmentMayRequireAReason() throws Exception {
        String policy = clone.text("gitops.yaml");
        clone.byHand(
                "gitops.yaml",
                policy.replace("- name: dev\n", "- name: dev\n  requireReason: true\n")
                        .replace("- name: staging\n", "- name: staging\n  requireReason: true\n"),
                Trailers.none());
        ChangeMetadata silent = new ChangeMetadata("op", null, "alice", " ");
        int line = 1
                + (int) clone.text("gitops.yaml")
                        .lines()
                        .takeWhile(l -> !l.contains("requireReason"))
                        .count();
        String message =
                "gitops.yaml:" + line + ":3: Environment dev requires a reason for each change. Give one with reason.";
        refuses(
                message,
                () -> clone.submit(
                        "op", new SetImagePlanner(APP, "dev", new ImageRequest(null, "sha-1", null), silent)));
        clone.set("dev", "sha-1");
        refuses(message, () -> clone.submit("op", new RollbackPlanner(APP, "dev", null, false, silent)));
        assertThat(
                assertThrows(UserErrorException.class, () -> clone.promote("dev", "staging", silent))
                        .getMessage(),
                containsString("Environment staging requires a reason for each change"));
        ChangeResult same =
                clone.submit("op", new SetImagePlanner(APP, "dev", new ImageRequest(null, "sha-1", null), silent));
        assertThat("what is there already needs no reason", same.changed(), is(false));
    }

    @Test
    public void severalImagesAreSetTogetherAndMissingOnesCreatedOnRequest() throws Exception {
        List<ImageRequest> requests =
                List.of(ImageRequest.parse(IMAGE + ":sha-1"), ImageRequest.parse("ghcr.io/myorg/sidecar:2"));
        refuses(
                "services/payments-api/overlays/dev/image-tag.yaml",
                () -> clone.submit(
                        "op", new SetImagePlanner(APP, "dev", requests, SetImagePlanner.Options.NONE, origin("op"))));
        refuses(
                DEV_FILE
                        + ": No manifest of payments-api/dev uses image ghcr.io/myorg/sidecar, so an entry for it would change nothing."
                        + " Use one of " + IMAGE + ", or add the workload in Git first.",
                () -> clone.submit(
                        "op",
                        new SetImagePlanner(
                                APP, "dev", requests, new SetImagePlanner.Options(true, false), origin("op"))));
        clone.addToBase("ghcr.io/myorg/sidecar");
        ChangeResult created = clone.submit(
                "op",
                new SetImagePlanner(APP, "dev", requests, new SetImagePlanner.Options(true, false), origin("op")));
        assertThat(
                created.trailers().all(Trailers.IMAGE),
                is(List.of(IMAGE + ":sha-a1b2c3d -> " + IMAGE + ":sha-1", "-> ghcr.io/myorg/sidecar:2")));
        assertThat(clone.text(DEV_FILE), containsString("ghcr.io/myorg/sidecar"));
    }

    @Test
    public void imageIsFoundByItsRunningName() throws Exception {
        String file =
                clone.text(DEV_FILE).replace("- name: " + IMAGE + "\n", "- name: api\n  newName: " + IMAGE + "\n");
        clone.byHand(DEV_FILE, file, Trailers.none());
        ChangeResult result = clone.submit(
                "job#8/5@k",
                new SetImagePlanner(APP, "dev", new ImageRequest("api", "sha-8", null), origin("job#8/5@k")));
        assertThat(result.trailers().all(Trailers.IMAGE), is(List.of(IMAGE + ":sha-a1b2c3d -> " + IMAGE + ":sha-8")));
        assertThrows(StaleBuildException.class, () -> clone.set("dev", "sha-7", "job#7/5@j"));
        refuses(
                "Image " + IMAGE + " is requested twice",
                () -> clone.submit(
                        "op",
                        new SetImagePlanner(
                                APP,
                                "dev",
                                List.of(ImageRequest.parse("api:1"), ImageRequest.parse(IMAGE + ":2")),
                                SetImagePlanner.Options.NONE,
                                origin("op"))));
    }

    @Test
    public void imageReferencesAreRead() throws Exception {
        String digest = "sha256:" + "0".repeat(64);
        assertThat(ImageRequest.parse("r.io:5000/a/b:t"), is(new ImageRequest("r.io:5000/a/b", "t", null)));
        assertThat(ImageRequest.parse("a@" + digest), is(new ImageRequest("a", null, digest)));
        assertThat(ImageRequest.parse("a:t@" + digest), is(new ImageRequest("a", "t", digest)));
        assertThrows(UserErrorException.class, () -> ImageRequest.parse("r.io:5000/a/b"));
    }

    private Optional<Hold> hold() throws Exception {
        return Hold.find(clone.repository().files(clone.tip()), clone.target("dev"));
    }

    private static void refuses(String start, ThrowingRunnable call) {
        String message = assertThrows(UserErrorException.class, call).getMessage();
        assertThat(message.substring(0, Math.min(start.length(), message.length())), is(start));
    }
}
