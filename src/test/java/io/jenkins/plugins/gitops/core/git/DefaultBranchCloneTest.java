package io.jenkins.plugins.gitops.core.git;

import static io.jenkins.plugins.gitops.core.git.ServedRepository.PASSWORD;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.QUICK;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.access;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.Rule;
import org.junit.Test;

/** A clone for which no branch is configured. */
public class DefaultBranchCloneTest {
    private static final String FILE = "services/payments-api/overlays/dev/image-tag.yaml";

    @Rule
    public final ServedRepository served = new ServedRepository();

    private ConfigRepository open() throws Exception {
        return served.open(served.url(), null, access(PASSWORD), QUICK);
    }

    private void head(String branch) throws Exception {
        Files.writeString(served.bare().resolve(Constants.HEAD), "ref: refs/heads/" + branch + "\n");
    }

    private void detachHead() throws Exception {
        Files.writeString(served.bare().resolve(Constants.HEAD), served.tip() + "\n");
    }

    private Repository bare() throws Exception {
        return new FileRepositoryBuilder().setGitDir(served.bare().toFile()).build();
    }

    private void branch(String name, String revision) throws Exception {
        try (Repository repository = bare()) {
            RefUpdate update = repository.updateRef(Constants.R_HEADS + name);
            update.setNewObjectId(ObjectId.fromString(revision));
            update.setForceUpdate(true);
            update.update();
        }
    }

    private void delete(String name) throws Exception {
        try (Repository repository = bare()) {
            RefUpdate update = repository.updateRef(Constants.R_HEADS + name);
            update.setForceUpdate(true);
            update.delete();
        }
    }

    private String tip(String branch) throws Exception {
        try (Repository repository = bare()) {
            return repository.exactRef(Constants.R_HEADS + branch).getObjectId().name();
        }
    }

    private static Change change(String id, String content) {
        return ServedRepository.write(id, FILE, content);
    }

    @Test
    public void branchOfTheRemotesHeadIsReadAndWritten() throws Exception {
        branch("trunk", served.tip());
        head("trunk");
        String main = tip("main");
        ConfigRepository clone = open();
        assertThat("opening asks nobody", clone.branch(), is("HEAD"));
        assertThat(clone.tip(), is(Optional.empty()));
        ChangeResult result = clone.submit(change("1", "one")).get(30, SECONDS);
        assertThat(clone.branch(), is("trunk"));
        assertThat(tip("trunk"), is(result.revision()));
        assertThat(tip("main"), is(main));
    }

    @Test
    public void reopenedCloneKnowsItsBranchWithoutTheRemote() throws Exception {
        branch("trunk", served.tip());
        head("trunk");
        ConfigRepository clone = open();
        String tip = clone.fetch();
        clone.close();
        served.server().close();
        ConfigRepository reopened = open();
        assertThat(reopened.branch(), is("trunk"));
        assertThat(reopened.tip(), is(Optional.of(tip)));
    }

    @Test
    public void otherDefaultBranchIsFollowedByTheNextFetch() throws Exception {
        ConfigRepository clone = open();
        String before = clone.fetch();
        served.commitDirectly("the new line");
        branch("trunk", tip("main"));
        branch("main", before);
        head("trunk");
        assertThat(clone.branch(), is("main"));
        assertThat(clone.fetch(), is(tip("trunk")));
        assertThat(clone.branch(), is("trunk"));
        ChangeResult result = clone.submit(change("1", "one")).get(30, SECONDS);
        assertThat(tip("trunk"), is(result.revision()));
        assertThat(tip("main"), is(before));
        clone.close();
        assertThat(open().branch(), is("trunk"));
    }

    @Test
    public void renamedDefaultBranchIsWrittenUnderItsNewName() throws Exception {
        ConfigRepository clone = open();
        String before = clone.fetch();
        branch("trunk", before);
        head("trunk");
        delete("main");
        ChangeResult result = clone.submit(change("1", "one")).get(30, SECONDS);
        assertThat(tip("trunk"), is(result.revision()));
        assertThat(clone.branch(), is("trunk"));
        assertThat("no branch is created", branchExists("main"), is(false));
    }

    private boolean branchExists(String name) throws Exception {
        try (Repository repository = bare()) {
            return repository.exactRef(Constants.R_HEADS + name) != null;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(10, SECONDS)) {
                throw new AssertionError("nothing came");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    public void whatWaitsToBeWrittenIsWrittenToTheFormerBranch() throws Exception {
        ConfigRepository clone = open();
        String before = clone.fetch();
        CountDownLatch planning = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Change change = change("1", "one");
        CompletableFuture<ChangeResult> writing = clone.submit(change.with(tip -> {
            planning.countDown();
            await(goOn);
            return change.planner().plan(tip);
        }));
        await(planning);
        branch("trunk", before);
        head("trunk");
        assertThat(clone.fetch(), is(before));
        assertThat(clone.branch(), is("main"));
        goOn.countDown();
        String written = writing.get(30, SECONDS).revision();
        assertThat(tip("main"), is(written));
        assertThat(tip("trunk"), is(before));
        clone.fetch();
        assertThat(clone.branch(), is("trunk"));
    }

    @Test
    public void damagedCloneIsRecreatedWithItsBranch() throws Exception {
        branch("trunk", served.tip());
        head("trunk");
        ConfigRepository clone = open();
        String tip = clone.fetch();
        clone.close();
        deletePacks();
        ConfigRepository recreated = open();
        assertThat(recreated.fetch(), is(tip));
        assertThat(recreated.branch(), is("trunk"));
    }

    private void deletePacks() throws Exception {
        try (var files = Files.walk(served.cache())) {
            for (var file : files.filter(f -> f.toString().endsWith(".pack")).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    public void emptyRepositoryIsReportedAndReadOnceItHasABranch() throws Exception {
        String tip = served.tip();
        delete("main");
        ConfigRepository clone = open();
        GitRemoteException refused = assertThrows(GitRemoteException.class, clone::fetch);
        assertThat(refused.getMessage(), containsString("has no branch. Push a first commit"));
        branch("main", tip);
        assertThat(clone.fetch(), is(tip));
        assertThat(clone.branch(), is("main"));
    }

    @Test
    public void detachedHeadOfSeveralBranchesIsRefusedWithTheWayOut() throws Exception {
        branch("trunk", served.tip());
        detachHead();
        ConfigRepository clone = open();
        ExecutionException refused = assertThrows(
                ExecutionException.class, () -> clone.submit(change("1", "one")).get(30, SECONDS));
        assertThat(
                refused.getCause().getMessage(),
                containsString("names no default branch, and has several branches. Name the branch, such as main"));
    }

    @Test
    public void detachedHeadLeavesTheKnownBranch() throws Exception {
        branch("trunk", served.tip());
        head("trunk");
        ConfigRepository clone = open();
        clone.fetch();
        detachHead();
        assertThat(clone.fetch(), is(tip("trunk")));
        assertThat(clone.branch(), is("trunk"));
    }

    @Test
    public void invalidNameOfAHeadIsNotFollowed() throws Exception {
        head("../../main");
        ConfigRepository clone = open();
        assertThat(clone.fetch(), is(served.tip()));
        assertThat(clone.branch(), is("main"));
    }

    @Test
    public void namedBranchStaysWhateverTheHeadSays() throws Exception {
        branch("trunk", served.tip());
        head("trunk");
        ConfigRepository clone = served.open();
        clone.fetch();
        assertThat(clone.branch(), is("main"));
        ConfigRepository followed = open();
        followed.fetch();
        assertThat(followed.branch(), is(not(clone.branch())));
    }
}
