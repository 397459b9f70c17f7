package io.jenkins.plugins.gitops.core.git;

import static io.jenkins.plugins.gitops.core.git.ServedRepository.AUTHOR;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.result;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.write;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.Rule;
import org.junit.Test;

public class ConfigRepositoryTest {
    private static final String KUSTOMIZATION = "apps/frontend/overlays/dev/kustomization.yaml";
    private static final Path EXAMPLE =
            Path.of(System.getProperty("gitops.root", ".")).resolve("docs/examples/config-repo");

    private static int inserted;

    @Rule
    public final ServedRepository served = new ServedRepository();

    @Test
    public void readsTheFilesOfARevision() throws Exception {
        ConfigRepository repository = served.open();
        assertThat(repository.tip(), is(Optional.empty()));
        String tip = repository.fetch();
        assertThat(tip, is(served.tip()));
        assertThat(repository.tip(), is(Optional.of(tip)));

        FileTree files = repository.files(tip);
        assertThat(files.read(KUSTOMIZATION).orElseThrow(), is(Files.readAllBytes(EXAMPLE.resolve(KUSTOMIZATION))));
        assertThat(
                files.read("./apps//frontend/../frontend/overlays/dev/kustomization.yaml")
                        .isPresent(),
                is(true));
        assertThat(files.read("apps/frontend"), is(Optional.empty()));
        assertThat(files.read("apps/none/x"), is(Optional.empty()));
        assertThat(files.read("README.md/x"), is(Optional.empty()));
        assertThat(files.read(""), is(Optional.empty()));
        assertThat(
                files.list("apps/frontend"),
                contains(new FileTree.Entry("base", true), new FileTree.Entry("overlays", true)));
        assertThat(files.list(""), hasItems(new FileTree.Entry("apps", true), new FileTree.Entry("README.md", false)));
        assertThat(files.list("apps/none"), is(empty()));
        assertThat(files.list("README.md"), is(empty()));
        assertThat(files.list("../apps"), is(empty()));
        assertThrows(UserErrorException.class, () -> files.read("../secret"));
        assertThrows(UserErrorException.class, () -> files.read("/etc/passwd"));
        assertThrows(UserErrorException.class, () -> files.read("apps/../../secret"));
    }

    /** The running commit may exist only on another branch, or have been merged there. */
    @Test
    public void fetchesACommitReachableOnlyFromAnotherBranch() throws Exception {
        String before = served.tip();
        WorkTreeClone other = served.other();
        other.write("elsewhere.txt", "1");
        other.commit("Go elsewhere");
        other.push(false);
        String elsewhere = served.tip();
        served.createBranch("live");
        other.reset(before);
        other.push(true);
        for (String url : List.of(served.url(), served.bare().toString())) {
            ConfigRepository repository = served.open(
                    url, "main", ServedRepository.access(ServedRepository.PASSWORD), ServedRepository.QUICK);
            assertThat(repository.fetch(), is(before));
            assertThat(repository.contains(elsewhere), is(false));
            repository.fetchCommit(elsewhere);
            assertThat(repository.contains(elsewhere), is(true));
            assertThat(repository.isAncestor(before, elsewhere), is(true));
            assertThat(repository.files(elsewhere).read("elsewhere.txt").isPresent(), is(true));
            assertThat(repository.tip(), is(Optional.of(before)));
            assertThat(repository.fetch(), is(before));
        }
    }

    @Test
    public void listsCommitsOfTheBranchSinceACommit() throws Exception {
        String old = served.tip();
        WorkTreeClone other = served.other();
        String first = commit(other, "1");
        String second = commit(other, "2");
        String third = commit(other, "3");
        ConfigRepository repository = served.open();
        repository.fetch();

        assertThat(
                repository.revisionsSince(first.substring(0, 12), third, 100),
                is(Optional.of(List.of(first, second, third))));
        assertThat(repository.revisionsSince(third, third, 100), is(Optional.of(List.of(third))));
        assertThat("not of what led to it", repository.revisionsSince(third, second, 100), is(Optional.empty()));
        assertThat("too far back", repository.revisionsSince(old, third, 2), is(Optional.empty()));
        for (String none : List.of(first.substring(0, 11), "1".repeat(40), "main", "", "[".repeat(12))) {
            assertThat(none, repository.revisionsSince(none, third, 100), is(Optional.empty()));
        }
    }

    /** A commit of a merged branch was never a tip of the branch itself: its content arrived with the merge. */
    @Test
    public void listsCommitsOfTheBranchSinceAMergedCommit() throws Exception {
        String base = served.tip();
        String side;
        String other;
        String merge;
        try (Repository bare =
                new FileRepositoryBuilder().setGitDir(served.bare().toFile()).build()) {
            side = insert(bare, base);
            other = insert(bare, base);
            merge = insert(bare, other, side);
            RefUpdate update = bare.updateRef("refs/heads/main");
            update.setNewObjectId(ObjectId.fromString(merge));
            update.update();
        }
        ConfigRepository repository = served.open();
        repository.fetch();

        assertThat(repository.revisionsSince(side, merge, 100), is(Optional.of(List.of(side, merge))));
        assertThat(repository.revisionsSince(other, merge, 100), is(Optional.of(List.of(other, merge))));
        assertThat(repository.revisionsSince(base, merge, 100), is(Optional.of(List.of(base, other, merge))));
    }

    private static String insert(Repository bare, String... parents) throws IOException {
        try (RevWalk walk = new RevWalk(bare);
                ObjectInserter inserter = bare.newObjectInserter()) {
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(walk.parseCommit(ObjectId.fromString(parents[0])).getTree());
            for (String parent : parents) {
                commit.addParentId(ObjectId.fromString(parent));
            }
            commit.setAuthor(new PersonIdent("Somebody Else", "else@example.com"));
            commit.setCommitter(commit.getAuthor());
            commit.setMessage("One of " + inserted++);
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            return id.name();
        }
    }

    private static String commit(WorkTreeClone other, String content) throws Exception {
        other.write("held.txt", content);
        other.commit("Write " + content);
        other.push(false);
        return other.tip();
    }

    @Test
    public void aCommitThatTheRemoteDoesNotHaveIsRejected() throws Exception {
        ConfigRepository repository = served.open();
        String tip = repository.fetch();
        for (String revision : List.of("1".repeat(40), "main", "", "g".repeat(40))) {
            assertThrows(revision, GitRemoteException.class, () -> repository.fetchCommit(revision));
        }
        assertThat(repository.fetch(), is(tip));
    }

    @Test
    public void writesAChangeByteForByte() throws Exception {
        ConfigRepository repository = served.open();
        String content = "# ä\r\nimages:\r\n- name: x # é\r\n  newTag: \"1\"";
        String before = repository.fetch();
        Change change = new Change(
                "run-1/7",
                AUTHOR,
                tip -> new ChangePlan(
                        Map.of(KUSTOMIZATION, content.getBytes(StandardCharsets.UTF_8)),
                        "Set frontend in dev",
                        Trailers.none()
                                .with(Trailers.OPERATION, "run-1/7")
                                .with(Trailers.TARGET, "frontend/dev")
                                .with(Trailers.REASON, "it is\ntime")));

        ChangeResult result = result(repository, change);

        assertThat(result.changed(), is(true));
        assertThat(result.files(), is(List.of(KUSTOMIZATION)));
        assertThat(result.revision(), is(served.tip()));
        assertThat(repository.tip(), is(Optional.of(result.revision())));
        assertThat(served.other().read(KUSTOMIZATION), is(content.getBytes(StandardCharsets.UTF_8)));
        CommitInfo commit = served.commits().get(0);
        assertThat(commit.subject(), is("Set frontend in dev"));
        assertThat(commit.authorName(), is("Ada Lovelace"));
        assertThat(commit.authorEmail(), is("ada@example.com"));
        assertThat(commit.trailers().first(Trailers.REASON), is(Optional.of("it is time")));
        assertThat(commit.trailers(), is(result.trailers()));
        assertThat(served.commits().get(1).revision(), is(before));
    }

    @Test
    public void addsFilesAndFoldersInGitsOrder() throws Exception {
        ConfigRepository repository = served.open();
        Map<String, String> files = Map.of(
                "apps/frontend.yaml", "1", "apps/frontend-x/a", "2", "apps/frontend0", "3", "new/deep/er/file", "4");
        ChangeResult result = result(repository, write("op", files));
        assertThat(
                result.files(),
                contains("apps/frontend-x/a", "apps/frontend.yaml", "apps/frontend0", "new/deep/er/file"));

        WorkTreeClone other = served.other();
        for (Map.Entry<String, String> file : files.entrySet()) {
            assertThat(new String(other.read(file.getKey()), StandardCharsets.UTF_8), is(file.getValue()));
        }
        // Another Git client writes the same tree from the same files, so the order of the entries is correct.
        other.write("touch", "1").commit("touch");
        other.push(false);
        FileTree tree = repository.files(repository.fetch());
        assertThat(tree.read("new/deep/er/file").isPresent(), is(true));
        assertThat(
                repository.log(repository.tip().orElseThrow(), "apps", 1).get(0).revision(), is(result.revision()));
    }

    @Test
    public void keepsTheModeOfAFile() throws Exception {
        WorkTreeClone other = served.other();
        other.write("run.sh", "1");
        other.makeExecutable("run.sh");
        other.commit("Add a script");
        other.push(false);
        result(served.open(), write("op", "run.sh", "2"));
        other.update();
        assertThat(other.isExecutable("run.sh"), is(true));
        assertThat(new String(other.read("run.sh"), StandardCharsets.UTF_8), is("2"));
    }

    @Test
    public void performsAnOperationOnlyOnce() throws Exception {
        ConfigRepository repository = served.open();
        ChangeResult first = result(repository, write("run-1/7", "a.yaml", "1"));
        ChangeResult other = result(repository, write("run-2/7", "a.yaml", "2"));
        ChangeResult again = result(repository, write("run-1/7", "a.yaml", "1"));

        assertThat(again, is(equalTo(first)));
        assertThat(served.tip(), is(other.revision()));
    }

    @Test
    public void recognizesCompletedOperationsAfterARestart() throws Exception {
        ConfigRepository repository = served.open();
        ChangeResult first = result(repository, write("run-1/7", "a.yaml", "1"));
        result(repository, write("run-2/7", "a.yaml", "2"));
        repository.close();

        assertThat(result(served.open(), write("run-1/7", "a.yaml", "1")), is(equalTo(first)));
        assertThat(served.commits().size(), is(3));
    }

    @Test
    public void writesNothingWhenUnchanged() throws Exception {
        ConfigRepository repository = served.open();
        String before = repository.fetch();
        String present = Files.readString(EXAMPLE.resolve(KUSTOMIZATION));
        ChangeResult result = result(repository, write("op", KUSTOMIZATION, present));
        assertThat(result.changed(), is(false));
        assertThat(result.revision(), is(before));
        assertThat(result.files(), is(empty()));
        assertThat(result.trailers().first(Trailers.OPERATION), is(Optional.of("op")));
        assertThat(served.tip(), is(before));
    }

    @Test
    public void comparesAgainstTheRemoteTip() throws Exception {
        ConfigRepository repository = served.open();
        result(repository, write("op-1", "a.yaml", "1"));
        WorkTreeClone other = served.other();
        other.write("a.yaml", "2").commit("Change by hand");
        other.push(false);

        // The clone still has the value 1.
        ChangeResult result = result(repository, write("op-2", "a.yaml", "1"));
        assertThat(result.changed(), is(true));
        other.update();
        assertThat(new String(other.read("a.yaml"), StandardCharsets.UTF_8), is("1"));
    }

    @Test
    public void plansAgainstTheRemoteTip() throws Exception {
        ConfigRepository repository = served.open();
        repository.fetch();
        WorkTreeClone other = served.other();
        other.write("a.yaml", "1").commit("Add by hand");
        other.push(false);
        Change needsFile = new Change("op", AUTHOR, tip -> {
            tip.files().read("a.yaml").orElseThrow(() -> new UserErrorException("There is no a.yaml", "Add it"));
            return ServedRepository.plan("op", Map.of("a.yaml", "2"));
        });
        assertThat(result(repository, needsFile).changed(), is(true));
    }

    @Test
    public void rejectsWhatIsNotARegularFile() throws Exception {
        WorkTreeClone other = served.other();
        other.link("link.yaml", "README.md");
        other.link("folder", "apps");
        other.commit("Add links");
        other.push(false);
        ConfigRepository repository = served.open();
        FileTree files = repository.files(repository.fetch());

        assertThat(
                assertThrows(UserErrorException.class, () -> files.read("link.yaml"))
                        .getMessage(),
                is("link.yaml is a symbolic link or is reached through one. Put the file itself into the repository."));
        assertThrows(UserErrorException.class, () -> files.read("folder/frontend"));
        assertThat(files.list(""), not(hasItems(new FileTree.Entry("link.yaml", false))));
        assertThat(files.list("folder"), is(empty()));
        assertThat(
                refusal(repository, write("op", "link.yaml", "1")).getMessage(),
                startsWith("link.yaml cannot be written: \"link.yaml\" is not a regular file"));
        assertThat(
                refusal(repository, write("op", "folder/x", "1")).getMessage(),
                startsWith("folder/x cannot be written: \"folder\" is not a folder"));
        assertThat(
                refusal(repository, write("op", "apps", "1")).getMessage(),
                startsWith("apps cannot be written: \"apps\" is not a regular file"));
        assertThat(
                refusal(repository, write("op", "README.md/x", "1")).getMessage(),
                startsWith("README.md/x cannot be written: \"README.md\" is not a folder"));
        for (String path :
                List.of("../x", "/x", "a/../x", "a//x", "a/", ".git/config", "a/.GIT/x", "", "a\0b", "git~1/x")) {
            assertThat(
                    path,
                    refusal(repository, write("op", path, "1")).getMessage(),
                    startsWith("\"" + TextSanitizer.line(path) + "\" cannot be written"));
        }
    }

    @Test
    public void onlyTheRejectedChangeFails() throws Exception {
        ConfigRepository repository = served.open();
        Change refused = new Change("op-2", AUTHOR, tip -> {
            throw new UserErrorException("a.yaml:1:1: no", "Give something else");
        });
        Change broken = new Change("op-3", AUTHOR, tip -> {
            throw new IllegalStateException("bug");
        });
        Change endless = new Change("op-5", AUTHOR, tip -> {
            throw new StackOverflowError();
        });
        PushLatch pushLatch = new PushLatch(served);
        var first = repository.submit(write("op-0", "z", "1"));
        pushLatch.awaitPush();
        var good = repository.submit(write("op-1", "a", "1"));
        var bad = repository.submit(refused);
        var worse = repository.submit(broken);
        var worst = repository.submit(endless);
        var last = repository.submit(write("op-4", "b", "1"));
        pushLatch.open();

        assertThat(first.get().changed(), is(true));
        assertThat(good.get().changed(), is(true));
        assertThat(last.get().changed(), is(true));
        assertThat(
                assertThrows(ExecutionException.class, bad::get).getCause().getMessage(),
                is("a.yaml:1:1: no. Give something else."));
        assertThat(
                assertThrows(ExecutionException.class, worse::get).getCause(), instanceOf(IllegalStateException.class));
        assertThat(
                assertThrows(ExecutionException.class, worst::get).getCause().getMessage(),
                is("the plan of the change recursed too deeply"));
        assertThat("one push for all that waited", pushLatch.pushes(), is(2));
        assertThat(served.commits().size(), is(4));
    }

    @Test
    public void jvmErrorIsReportedAndTheNextChangeIsWritten() throws Exception {
        ConfigRepository repository = served.open();
        Change broken = new Change("op-1", AUTHOR, tip -> {
            throw new OutOfMemoryError("for the test");
        });
        ExecutionException e = assertThrows(ExecutionException.class, () -> result(repository, broken));
        assertThat(e.getCause(), instanceOf(OutOfMemoryError.class));
        assertThat(result(repository, write("op-2", "a", "1")).revision(), is(served.tip()));
    }

    @Test
    public void planSeesEarlierChangesOfItsGroup() throws Exception {
        ConfigRepository repository = served.open();
        PushLatch pushLatch = new PushLatch(served);
        var first = repository.submit(ServedRepository.increment("op-0", "count"));
        pushLatch.awaitPush();
        var second = repository.submit(ServedRepository.increment("op-1", "count"));
        var twin = repository.submit(ServedRepository.increment("op-1", "count"));
        var third = repository.submit(ServedRepository.increment("op-2", "count"));
        pushLatch.open();

        assertThat(twin.get(), is(second.get()));
        assertThat(third.get().changed(), is(true));
        FileTree files = repository.files(third.get().revision());
        assertThat(new String(files.read("count").orElseThrow(), StandardCharsets.UTF_8), is("3"));
        assertThat(first.get().revision(), is(served.commits().get(2).revision()));
        assertThat(pushLatch.pushes(), is(2));
    }

    @Test
    public void listsTheHistoryOfAPath() throws Exception {
        ConfigRepository repository = served.open();
        String first = repository.fetch();
        ChangeResult a1 = result(repository, write("a1", "a/file", "1"));
        ChangeResult b1 = result(repository, write("b1", "b/file", "1"));
        ChangeResult a2 = result(repository, write("a2", "a/file", "2"));
        String tip = a2.revision();

        assertThat(revisions(repository.log(tip, "a", 10)), contains(a2.revision(), a1.revision()));
        assertThat(revisions(repository.log(tip, "a/file", 10)), contains(a2.revision(), a1.revision()));
        assertThat(revisions(repository.log(tip, "./a/", 1)), contains(a2.revision()));
        assertThat(
                revisions(repository.log(tip, "", 10)), contains(a2.revision(), b1.revision(), a1.revision(), first));
        assertThat(repository.log(tip, "none", 10), is(empty()));
        assertThat(repository.log(tip, "a", 0), is(empty()));
        CommitInfo newest = repository.log(tip, "a", 1).get(0);
        assertThat(newest.trailers().first(Trailers.OPERATION), is(Optional.of("a2")));
        assertThat(newest.subject(), is("Do a2"));
        assertThrows(IOException.class, () -> repository.log("0".repeat(40), "", 1));
    }

    @Test
    public void determinesAncestry() throws Exception {
        ConfigRepository repository = served.open();
        String first = repository.fetch();
        String second = result(repository, write("op", "a", "1")).revision();
        String unknown = "0123456789".repeat(4);

        assertThat(repository.isAncestor(first, second), is(true));
        assertThat(repository.isAncestor(second, second), is(true));
        assertThat(repository.isAncestor(second, first), is(false));
        assertThat(repository.isAncestor(unknown, second), is(false));
        assertThat(repository.isAncestor(second, unknown), is(false));
        assertThat(repository.isAncestor("main", second), is(false));
        assertThat(repository.contains(first), is(true));
        assertThat(repository.contains(unknown), is(false));
        assertThat(repository.contains("HEAD"), is(false));
        assertThrows(IOException.class, () -> repository.files(unknown));
    }

    @Test
    public void planWithTheWrongOperationIdIsABug() throws Exception {
        Change change = new Change("op-1", AUTHOR, tip -> ServedRepository.plan("op-2", Map.of("a", "1")));
        ExecutionException e = assertThrows(ExecutionException.class, () -> result(served.open(), change));
        assertThat(e.getCause(), instanceOf(IllegalArgumentException.class));
    }

    /** An id that a trailer cannot hold unchanged would not be found again. */
    @Test
    public void operationIdIsOnePlainLine() {
        for (String id : List.of("", " ", "a ", " a", "a\nb", "a\rb", "a\u2028b", "a\0b", "a".repeat(1025))) {
            IllegalArgumentException e = assertThrows(id, IllegalArgumentException.class, () -> write(id, "a", "1"));
            assertThat(e.getMessage(), startsWith("an operation id is one line of 1 to 1024 characters, not \""));
        }
        assertThat(write("a".repeat(1024), "a", "1").operationId().length(), is(1024));
        assertThat(write("run 1: a/b #7", "a", "1").operationId(), is("run 1: a/b #7"));
    }

    private static UserErrorException refusal(ConfigRepository repository, Change change) {
        ExecutionException e = assertThrows(ExecutionException.class, () -> result(repository, change));
        assertThat(e.getCause(), instanceOf(UserErrorException.class));
        return (UserErrorException) e.getCause();
    }

    private static List<String> revisions(List<CommitInfo> commits) {
        return commits.stream().map(CommitInfo::revision).toList();
    }
}
