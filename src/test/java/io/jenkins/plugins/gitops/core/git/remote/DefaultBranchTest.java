package io.jenkins.plugins.gitops.core.git.remote;

import static io.jenkins.plugins.gitops.core.git.ServedRepository.PASSWORD;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.QUICK;
import static io.jenkins.plugins.gitops.core.git.ServedRepository.access;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.git.ServedRepository;
import java.nio.file.Files;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.Rule;
import org.junit.Test;

/** Which branch is used if none is given. */
public class DefaultBranchTest {
    @Rule
    public final ServedRepository served = new ServedRepository();

    private void head(String branch) throws Exception {
        Files.writeString(served.bare().resolve(Constants.HEAD), "ref: refs/heads/" + branch + "\n");
    }

    private void branch(String name) throws Exception {
        try (Repository repository =
                new FileRepositoryBuilder().setGitDir(served.bare().toFile()).build()) {
            RefUpdate update = repository.updateRef(Constants.R_HEADS + name);
            update.setNewObjectId(ObjectId.fromString(served.tip()));
            update.update();
        }
    }

    private String overHttp() throws Exception {
        return DefaultBranch.of(served.url(), access(PASSWORD), QUICK);
    }

    private String ofFolder() throws Exception {
        return DefaultBranch.of(served.bare().toString(), transport -> {}, QUICK);
    }

    @Test
    public void headOfTheRemoteNamesIt() throws Exception {
        branch("trunk");
        branch("env/production");
        for (String name : new String[] {"main", "trunk", "env/production"}) {
            head(name);
            assertThat(overHttp(), is(name));
            assertThat(ofFolder(), is(name));
        }
    }

    @Test
    public void theOnlyBranchIsItWhereHeadNamesNone() throws Exception {
        head("gone");
        assertThat(overHttp(), is("main"));
        assertThat(ofFolder(), is("main"));
    }

    @Test
    public void ofSeveralNoneIsGuessed() throws Exception {
        branch("trunk");
        head("gone");
        GitRemoteException refused = assertThrows(GitRemoteException.class, this::overHttp);
        assertThat(
                refused.getMessage(),
                containsString(" names no default branch, and has several branches. Name the branch, such as main"));
    }

    @Test
    public void wrongPasswordIsReportedAsSuch() {
        GitRemoteException refused =
                assertThrows(GitRemoteException.class, () -> DefaultBranch.of(served.url(), access("wrong"), QUICK));
        assertThat(refused.isTemporary(), is(false));
        assertThat(refused.getMessage().contains("wrong"), is(false));
    }
}
