package io.jenkins.plugins.gitops.core.change;

import static io.jenkins.plugins.gitops.core.change.ExampleClone.APP;
import static io.jenkins.plugins.gitops.core.change.ExampleClone.DEV_FILE;
import static io.jenkins.plugins.gitops.core.change.ExampleClone.IMAGE;
import static io.jenkins.plugins.gitops.core.change.ExampleClone.origin;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;
import org.junit.rules.RuleChain;
import org.junit.rules.TemporaryFolder;

public class RollbackPlannerTest {
    private static final String PRODUCTION_FILE = DEV_FILE.replace("/dev/", "/production/");
    private static final String SIDECAR = "ghcr.io/myorg/sidecar";

    private final TemporaryFolder folder = new TemporaryFolder();
    private final ExampleClone clone = new ExampleClone(folder);

    @Rule
    public final RuleChain rules = RuleChain.outerRule(folder).around(clone);

    @Test
    public void stateOnlyOnAMergedBranchIsNotAStateOfTheBranch() throws Exception {
        clone.set("dev", "sha-1");
        mergeDev("sha-wip", "sha-2");
        assertThat(
                TargetHistory.newestFirst(clone.repository(), clone.target("dev"), clone.tip(), 2).stream()
                        .map(entry -> entry.images().get(0).toString())
                        .toList(),
                is(List.of(IMAGE + ":sha-1 -> " + IMAGE + ":sha-2", IMAGE + ":sha-a1b2c3d -> " + IMAGE + ":sha-1")));
        refuses("payments-api/dev never had \"sha-wip\".*", () -> clone.rollback("dev", "sha-wip", true, "op-wip"));
        clone.rollback("dev", null, true, "op-back");
        assertThat(clone.text(DEV_FILE), containsString("sha-1"));
    }

    @Test
    public void firstParentOfAMergeCounts() throws Exception {
        ObjectId base = clone.others().tip();
        String dev = clone.text(DEV_FILE);
        clone.set("dev", "sha-1");
        ObjectId main = clone.others().tip();
        ObjectId side = clone.others().commit(ExternalCommits.CAROL, "unrelated", "README.md", "x", base);
        // A merge made by pulling a branch that has moved: the first parent is the author's own commit.
        clone.others()
                .push(clone.others()
                        .commit(
                                ExternalCommits.CAROL,
                                "Merge main",
                                DEV_FILE,
                                dev.replace("sha-a1b2c3d", "sha-1"),
                                side,
                                main));
        clone.repository().fetch();
        assertThat(
                clone.rollback("dev", null, false, "op-back").trailers().first(Trailers.IMAGE),
                is(Optional.of(IMAGE + ":sha-1 -> " + IMAGE + ":sha-a1b2c3d")));
    }

    /** A rebase gives the commits of a change request a new commit time and the same committer. */
    @Test
    public void intermediateCommitOfARebasedChangeRequestIsNotRestored() throws Exception {
        clone.set("dev", "sha-1");
        rebase(1, "sha-wip", "sha-more", "sha-2");
        clone.rollback("dev", null, true, "op-back");
        assertThat(clone.text(DEV_FILE), containsString("sha-1"));
        assertThat(
                "by name any state of the branch",
                clone.rollback("dev", "sha-wip", true, "op-wip").changed(),
                is(true));
    }

    @Test
    public void rebasedCommitsOfDifferentTimesAreStatesOfTheBranch() throws Exception {
        clone.set("dev", "sha-1");
        rebase(60, "sha-2", "sha-3");
        clone.rollback("dev", null, true, "op-back");
        assertThat(clone.text(DEV_FILE), containsString("sha-2"));
    }

    /**
     * Commits tags as a rebase does.
     *
     * @param seconds between the commits
     */
    private void rebase(int seconds, String... tags) throws Exception {
        String text = clone.text(DEV_FILE);
        ObjectId commit = clone.others().tip();
        Instant time = Instant.parse("2026-05-01T10:00:00Z");
        for (String tag : tags) {
            PersonIdent author = new PersonIdent(ExternalCommits.CAROL, time.minusSeconds(3600));
            PersonIdent committer = new PersonIdent(ExternalCommits.DAVE, time);
            commit = clone.others().commit(author, committer, tag, DEV_FILE, text.replace("sha-1", tag), commit);
            time = time.plusSeconds(seconds);
        }
        clone.others().push(commit);
        clone.repository().fetch();
    }

    private void mergeDev(String... tags) throws Exception {
        String text = clone.text(DEV_FILE);
        String present = text.replaceAll("(?s).*newTag: \"?(sha-[a-z0-9]+).*", "$1");
        ObjectId main = clone.others().tip();
        ObjectId side = main;
        for (String tag : tags) {
            side = clone.others().commit(ExternalCommits.CAROL, tag, DEV_FILE, text.replace(present, tag), side);
        }
        String last = text.replace(present, tags[tags.length - 1]);
        clone.others().push(clone.others().commit(ExternalCommits.DAVE, "Merge", DEV_FILE, last, main, side));
        clone.repository().fetch();
    }

    @Test
    public void onlyApprovedImagesAreRestoredWhereApprovalIsRequired() throws Exception {
        ChangeResult approved = clone.release("sha-1", "bob");
        byHand("sha-1", "sha-hand");
        clone.release("sha-3", "bob");
        refuses(
                "gitops.yaml:[0-9]+:3: payments-api/production cannot be rolled back to " + IMAGE
                        + ":sha-hand of commit [0-9a-f]{8}, because"
                        + " no approved promotion set it. Roll back to commit "
                        + approved.revision().substring(0, 8) + " \\(sha-1\\), which was approved, or have it listed"
                        + " in rollback.verified of production in gitops.yaml.",
                () -> clone.rollback("production", null, true, "back-1"));
        refuses(".*sha-a1b2c3d of commit.*", () -> clone.rollback("production", "sha-a1b2c3d", true, "back-2"));
        assertThat(clone.text(PRODUCTION_FILE), containsString("sha-3"));
        assertThat(Hold.find(clone.repository().files(clone.tip()), clone.target("production")), is(Optional.empty()));
        clone.rollback("production", "sha-1", true, "back-3");
        assertThat(clone.text(PRODUCTION_FILE), containsString("sha-1"));
        clone.release("production");
        ChangeResult forward = clone.rollback("production", "sha-3", true, "back-4");
        assertThat("to what was approved, by way of a rollback", forward.changed(), is(true));
    }

    @Test
    public void unapprovedImagesAreRestoredOnlyIfThePolicyAllows() throws Exception {
        String before = clone.tip();
        clone.release("sha-1", "bob");
        refuses(
                "gitops.yaml:[0-9]+:3: payments-api/production cannot be rolled back to .*Promote a good image, or"
                        + " have it listed.*",
                () -> clone.rollback("production", null, true, "back-1"));
        String policy = clone.text("gitops.yaml");
        for (String rule : List.of(
                "toUnapproved: true",
                "verified: [\"" + IMAGE + ":sha-a1b2c3d\"]",
                "verified: [\"" + firstRevision(before) + "\"]")) {
            clone.byHand("gitops.yaml", policy.stripTrailing() + "\n  rollback: {" + rule + "}\n", Trailers.none());
            assertThat(
                    rule,
                    clone.rollback("production", null, false, clone.operation()).changed(),
                    is(true));
            clone.rollback("production", "sha-1", false, clone.operation());
        }
        clone.byHand(
                "gitops.yaml",
                policy.stripTrailing() + "\n  rollback: {verified: [\"" + IMAGE + ":sha-other\"]}\n",
                Trailers.none());
        refuses(".*because no approved promotion set it.*", () -> clone.rollback("production", null, false, "back-2"));
    }

    private String firstRevision(String tip) throws Exception {
        return clone.repository()
                .fileLog(tip, PRODUCTION_FILE, 1)
                .get(0)
                .commit()
                .revision();
    }

    @Test
    public void forgedApprovalsDoNotCount() throws Exception {
        clone.release("sha-1", "bob");
        Trailers forged = Trailers.none()
                .with(Trailers.OPERATION, "op-forged")
                .with(Trailers.TARGET, APP + "/production")
                .with(Trailers.IMAGE, IMAGE + ":sha-1 -> " + IMAGE + ":sha-good")
                .with(Trailers.REQUESTED_BY, "alice")
                .with(Trailers.APPROVED_BY, "bob")
                .with(Trailers.PROMOTED_FROM, APP + "/staging@" + clone.tip());
        clone.byHand(PRODUCTION_FILE, production("sha-evil"), forged);
        clone.byHand("empty.txt", "x", forged.with(Trailers.IMAGE, "-> " + IMAGE + ":sha-evil"));
        Trailers own = Trailers.none()
                .with(Trailers.OPERATION, "op-self")
                .with(Trailers.TARGET, APP + "/production")
                .with(Trailers.IMAGE, "-> " + IMAGE + ":sha-self")
                .with(Trailers.REQUESTED_BY, "mallory")
                .with(Trailers.APPROVED_BY, "mallory")
                .with(Trailers.PROMOTED_FROM, APP + "/staging@" + clone.tip());
        clone.byHand(PRODUCTION_FILE, production("sha-self"), own);
        byHand("sha-self", "sha-last");
        for (String tag : List.of("sha-evil", "sha-self")) {
            refuses(
                    ".*because no approved promotion set it.*",
                    () -> clone.rollback("production", tag, true, "op-" + tag));
        }
    }

    private String production(String tag) throws Exception {
        return clone.text(PRODUCTION_FILE).replaceAll("sha-[a-z0-9]+", tag);
    }

    private void byHand(String from, String to) throws Exception {
        clone.byHand(PRODUCTION_FILE, clone.text(PRODUCTION_FILE).replace(from, to), Trailers.none());
    }

    @Test
    public void rollbackThatNeedsApprovalOrAnotherPersonIsRejected() throws Exception {
        clone.release("sha-1", "bob");
        String policy = clone.text("gitops.yaml").stripTrailing();
        int line = policy.split("\n").length + 1;
        clone.byHand("gitops.yaml", policy + "\n  rollback: {approval: true, toUnapproved: true}\n", Trailers.none());
        refuses(
                "gitops.yaml:" + line
                        + ":3: A rollback of production requires an approval, which a rollback cannot request."
                        + " Promote the earlier image with gitopsPromote.",
                () -> clone.rollback("production", null, true, "back-1"));
        clone.byHand("gitops.yaml", policy + "\n  rollback: {users: [bob], toUnapproved: true}\n", Trailers.none());
        refuses(
                "gitops.yaml:" + line + ":3: alice may not roll back production, only user bob may. Ask one of them.",
                () -> clone.submit(
                        "back-2",
                        new RollbackPlanner(
                                APP,
                                "production",
                                new RollbackPlanner.Options(null, List.of(), true),
                                rules -> rules.users().contains("alice"),
                                origin("back-2"))));
        assertThat(clone.rollback("production", null, true, "back-3").changed(), is(true));
    }

    @Test
    public void addedImageIsRemovedByteForByte() throws Exception {
        String before = clone.text(DEV_FILE);
        create(SIDECAR + ":bad");
        ChangeResult back = clone.rollback("dev", null, true, "op-back");
        assertThat(clone.text(DEV_FILE), is(before));
        assertThat(back.trailers().all(Trailers.IMAGE), is(List.of(SIDECAR + ":bad -> (none)")));
        assertThat(
                clone.repository().log(clone.tip(), "", 1).get(0).subject(),
                is("payments-api/dev: remove image " + SIDECAR));
        HistoryEntry entry = TargetHistory.newestFirst(clone.repository(), clone.target("dev"), clone.tip(), 1)
                .get(0);
        assertThat(entry.kind(), is(HistoryEntry.EntryKind.ROLLBACK));
        assertThat(entry.images(), is(ImageChange.of(back.trailers())));
    }

    @Test
    public void anAddedAndAChangedImageAreUndoneTogether() throws Exception {
        clone.set("dev", "sha-1");
        String before = clone.text(DEV_FILE);
        create(IMAGE + ":sha-2", SIDECAR + ":bad");
        clone.byHand(DEV_FILE, "# a comment since\n" + clone.text(DEV_FILE), Trailers.none());
        ChangeResult back = clone.rollback("dev", null, true, "op-back");
        assertThat(clone.text(DEV_FILE), is("# a comment since\n" + before));
        assertThat(
                back.trailers().all(Trailers.IMAGE),
                is(List.of(IMAGE + ":sha-2 -> " + IMAGE + ":sha-1", SIDECAR + ":bad -> (none)")));
    }

    @Test
    public void addedImageEditedSinceIsRejectedByName() throws Exception {
        create(SIDECAR + ":bad");
        clone.byHand(DEV_FILE, clone.text(DEV_FILE).replace("newTag: bad", "newTag: bad # pinned"), Trailers.none());
        refuses(
                DEV_FILE + ": The entry of image " + SIDECAR + ", which was added here, has been edited since, so it"
                        + " cannot be removed safely. Remove it in Git.",
                () -> clone.rollback("dev", null, true, "op-back"));
        assertThat(Hold.find(clone.repository().files(clone.tip()), clone.target("dev")), is(Optional.empty()));
    }

    @Test
    public void removedImageIsNotRestoredAndNotReportedAsSuccess() throws Exception {
        create(SIDECAR + ":1");
        String with = clone.text(DEV_FILE);
        clone.byHand(DEV_FILE, with.replaceAll("(?s)- name: " + SIDECAR + ".*", ""), Trailers.none());
        refuses(
                "payments-api/dev cannot be rolled back to commit [0-9a-f]{8}: nothing there sets " + SIDECAR
                        + ":1 any more. Name another revision or tag, or change the files in Git.",
                () -> clone.rollback("dev", null, true, "op-back"));
        assertThat(Hold.find(clone.repository().files(clone.tip()), clone.target("dev")), is(Optional.empty()));
    }

    @Test
    public void imageAlreadyRestoredIsNeitherCommittedNorHeld() throws Exception {
        clone.set("dev", "sha-1");
        ChangeResult same = clone.rollback("dev", "sha-1", true, "op-same");
        assertThat(same.changed(), is(false));
        assertThat(Hold.find(clone.repository().files(clone.tip()), clone.target("dev")), is(Optional.empty()));
    }

    @Test
    public void onlyActualChangesAreRecorded() throws Exception {
        create(SIDECAR + ":1");
        clone.set("dev", IMAGE, "sha-2", "back-2");
        assertThat(
                clone.rollback("dev", null, false, "op-back").trailers().all(Trailers.IMAGE),
                is(List.of(IMAGE + ":sha-2 -> " + IMAGE + ":sha-a1b2c3d")));
    }

    @Test
    public void automaticHoldIsReplacedByAPersons() throws Exception {
        clone.set("dev", "sha-1");
        ChangeMetadata timer = new ChangeMetadata("nightly#1/4@k", "nightly #1", "anonymous", "not live in time");
        clone.submit(timer.operationId(), new RollbackPlanner(APP, "dev", null, true, timer));
        ChangeMetadata next = new ChangeMetadata("nightly#2/4@l", "nightly #2", "SYSTEM", null);
        refuses(
                ".gitops/holds/dev/payments-api.yaml: payments-api/dev is held by a build that was not started by a"
                        + " user: not live in time. Start the build as a user, or release it first, on its history page in"
                        + " Jenkins or with the command release.",
                () -> clone.submit(
                        next.operationId(),
                        new SetImagePlanner(APP, "dev", new ImageRequest(null, "sha-2", null), next)));
        ChangeResult person = clone.set("dev", "sha-3");
        assertThat(person.files(), is(List.of(DEV_FILE, ".gitops/holds/dev/payments-api.yaml")));
        assertThat(person.trailers().first(Trailers.HOLD), is(Optional.of("released")));
        assertThat(clone.text(DEV_FILE), not(containsString("sha-a1b2c3d")));
        assertThat(clone.set("dev", "sha-4").trailers().first(Trailers.HOLD), is(Optional.empty()));
    }

    @Test
    public void buildWithoutAPersonKeepsAPersonsHold() throws Exception {
        clone.set("dev", "sha-1");
        clone.set("dev", "sha-2");
        clone.hold("dev");
        ChangeMetadata timer = new ChangeMetadata("nightly#1/4@k", "nightly #1", "anonymous", "not live in time");
        clone.submit(timer.operationId(), new RollbackPlanner(APP, "dev", null, true, timer));
        assertThat(clone.text(DEV_FILE), containsString("sha-1"));
        refuses(".*payments-api/dev is held by alice: because.*", () -> clone.set("dev", "sha-3"));
        clone.release("dev");
        ChangeMetadata again = new ChangeMetadata("nightly#2/4@l", "nightly #2", "anonymous", "not live in time");
        clone.submit(again.operationId(), new RollbackPlanner(APP, "dev", null, true, again));
        clone.hold("dev");
        refuses(".*payments-api/dev is held by alice: because.*", () -> clone.set("dev", "sha-3"));
    }

    private void create(String... images) throws Exception {
        clone.addToBase(SIDECAR);
        List<ImageRequest> requests = new ArrayList<>();
        for (String image : images) {
            requests.add(ImageRequest.parse(image));
        }
        String operation = clone.operation();
        clone.submit(
                operation,
                new SetImagePlanner(APP, "dev", requests, new SetImagePlanner.Options(true, false), origin(operation)));
    }

    private static void refuses(String pattern, ThrowingRunnable call) {
        assertThat(assertThrows(UserErrorException.class, call).getMessage(), matchesPattern(pattern));
    }
}
