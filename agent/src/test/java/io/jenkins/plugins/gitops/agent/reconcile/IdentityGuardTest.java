package io.jenkins.plugins.gitops.agent.reconcile;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.Test;

/** A change of the cluster or the repository is detected. */
public class IdentityGuardTest {
    private final Map<String, String> remembered = new HashMap<>();
    private final IdentityStore store = new IdentityStore() {
        @Override
        public Optional<String> get(String key) {
            return Optional.ofNullable(remembered.get(key));
        }

        @Override
        public void put(String key, String value) {
            remembered.put(key, value);
        }
    };
    private Optional<String> uid = Optional.of("one");
    private int reads;
    private int walks;
    private long now;

    @Test
    public void firstClusterIsRecordedAndAnotherIsRejected() throws Exception {
        IdentityGuard guard = guard(IdentityGuard.Pinned.NOTHING);
        assertThat(guard.checkCluster(), is(nullValue()));
        assertThat(remembered.get("cluster"), is("one"));

        uid = Optional.of("two");
        now += IdentityGuard.MAX_AGE.toNanos() + 1;
        assertThat(
                guard.checkCluster(),
                allOf(
                        containsString("expected namespace kube-system with uid one, found two"),
                        containsString("identity.cluster: two")));
        assertThat(guard.problem(), is(guard.checkCluster()));
        assertThat("what is expected stays the same", remembered.get("cluster"), is("one"));

        uid = Optional.of("one");
        assertThat("it is asked again at once", guard.checkCluster(), is(nullValue()));
    }

    @Test
    public void clusterIsNotQueriedForEachSync() throws Exception {
        IdentityGuard guard = guard(IdentityGuard.Pinned.NOTHING);
        guard.checkCluster();
        guard.checkCluster();
        now += IdentityGuard.MAX_AGE.toNanos();
        guard.checkCluster();
        assertThat(reads, is(1));
        now++;
        guard.checkCluster();
        assertThat(reads, is(2));
    }

    @Test
    public void clusterIsKnownAfterARestart() throws Exception {
        remembered.put("cluster", "one");
        uid = Optional.of("two");
        assertThat(guard(IdentityGuard.Pinned.NOTHING).checkCluster(), containsString("found two"));
    }

    @Test
    public void configurationTakesPrecedenceOverTheRecordedIdentity() throws Exception {
        remembered.put("cluster", "old");
        assertThat(guard(new IdentityGuard.Pinned("one", null)).checkCluster(), is(nullValue()));
        assertThat(remembered.get("cluster"), is("one"));
        assertThat(guard(new IdentityGuard.Pinned("two", null)).checkCluster(), containsString("uid two, found one"));
    }

    @Test
    public void unreadableUidIsInconclusive() throws Exception {
        uid = Optional.empty();
        assertThat(guard(IdentityGuard.Pinned.NOTHING).checkCluster(), is(nullValue()));
        assertThat(remembered.containsKey("cluster"), is(false));
    }

    /** Revisions a1 to a9 descend from a1; b1 to b9 do not. */
    @Test
    public void branchOfAnotherRepositoryIsRejected() throws Exception {
        IdentityGuard guard = guard(IdentityGuard.Pinned.NOTHING);
        assertThat(guard.checkRepository("a2"), is(nullValue()));
        assertThat(remembered.get("repository"), is("a1"));
        assertThat(guard.checkRepository("a5"), is(nullValue()));
        assertThat("what continues the branch is not walked to its end", walks, is(1));

        assertThat(
                guard.checkRepository("b7"),
                allOf(
                        containsString("commit b7 does not descend from a1 but from b1"),
                        containsString("identity.repository: b1")));
        guard.checkRepository("b7");
        assertThat(walks, is(2));
        assertThat("a forced push within the repository is one", guard.checkRepository("a3"), is(nullValue()));
        assertThat(guard.problem(), is(nullValue()));
    }

    @Test
    public void repositoryIsKnownAfterARestart() throws Exception {
        remembered.put("repository", "a1");
        assertThat(guard(IdentityGuard.Pinned.NOTHING).checkRepository("b2"), containsString("from a1 but from b1"));
        assertThat(guard(IdentityGuard.Pinned.NOTHING).checkRepository("a2"), is(nullValue()));
        assertThat(guard(new IdentityGuard.Pinned(null, "b1")).checkRepository("b2"), is(nullValue()));
        assertThat(remembered.get("repository"), is("b1"));
        assertThat(
                "any commit of the branch will do",
                guard(new IdentityGuard.Pinned(null, "a4")).checkRepository("a5"),
                is(nullValue()));
    }

    private IdentityGuard guard(IdentityGuard.Pinned pinned) {
        return new IdentityGuard(
                () -> {
                    reads++;
                    return uid;
                },
                new TwoRepositories(),
                store,
                pinned,
                () -> now);
    }

    private final class TwoRepositories extends StubGitSource {
        @Override
        public String root(String revision) {
            walks++;
            return revision.charAt(0) + "1";
        }

        @Override
        public boolean isAncestor(String ancestor, String descendant) {
            return ancestor.charAt(0) == descendant.charAt(0) && ancestor.compareTo(descendant) <= 0;
        }
    }
}
