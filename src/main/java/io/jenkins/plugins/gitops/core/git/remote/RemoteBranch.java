package io.jenkins.plugins.gitops.core.git.remote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.ProgressMonitor;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.pack.PackConfig;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.PushConnection;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.util.FS;

/**
 * One branch of one remote. Speaks to connections directly instead of through JGit's fetch and push commands: those run
 * hooks, follow tags, and tell a missing branch by a text.
 */
public final class RemoteBranch {
    /** Of a remote with more, not all are brought for the sake of one commit. */
    private static final int MAX_BRANCHES = 100;

    private final String url;
    private final String branch;
    private final String branchRef;
    private final GitCredentials access;
    private final Duration timeout;
    private final FetchLimits limits;
    private final int depth;
    private final RemoteErrorTranslator failures;
    private final HttpsSockets sockets;

    public RemoteBranch(String url, String branch, GitCredentials access, GitOptions options) {
        this.url = url;
        this.branch = branch;
        this.branchRef = Constants.R_HEADS + branch;
        this.access = access;
        this.timeout = options.timeout();
        this.limits = options.limits();
        this.depth = options.depth();
        this.failures = new RemoteErrorTranslator(url, access, timeout);
        this.sockets = new HttpsSockets(options.http());
    }

    public String url() {
        return url;
    }

    public String branch() {
        return branch;
    }

    /** What became of a push. */
    public enum PushResult {
        /** The branch is what was pushed. */
        OK,
        /** The branch was somewhere else; nothing was sent. */
        NON_FAST_FORWARD,
        /** The server refused it; whether for a race is to be seen from the branch. */
        REJECTED,
        /** It was sent, and something answered that it went wrong; whether it did is to be seen from the branch. */
        FAILED,
        /** It was sent, and no answer came: it may even arrive later. */
        UNKNOWN
    }

    /**
     * @param failure what the server or the library said; null for DONE and MOVED
     */
    public record PushOutcome(
            PushResult outcome, @CheckForNull GitRemoteException failure) {
        /** What went wrong; only where something did. */
        public GitRemoteException reason() {
            if (failure == null) {
                throw new IllegalStateException(outcome + " is not a failure");
            }
            return failure;
        }
    }

    /**
     * Brings the branch's commits into a repository.
     *
     * @param into the files of the repository
     * @param view the same with what else it has
     * @param before done when something is to be transferred
     * @return the branch's tip
     * @throws GitRemoteException when the remote cannot be read, or brings more than is taken
     * @throws IOException when the repository is damaged
     */
    public ObjectId fetch(IsolatedRepository into, Repository view, Runnable before)
            throws GitRemoteException, IOException {
        // What is missing later is asked for as a whole: the history grows, and no part of it is taken back.
        int generations = into.exactRef(branchRef) == null ? depth : 0;
        Collection<Ref> fetched = receive(into, view, branchRef, generations, before, connection -> {
            Ref tip = connection.getRef(branchRef);
            if (tip == null || tip.getObjectId() == null) {
                throw branchMissing();
            }
            return List.of(tip);
        });
        return fetched.iterator().next().getObjectId();
    }

    /**
     * Brings one commit into a repository, whichever branch leads to it. Where the remote gives no commit by its name, its
     * branches are brought, unless there are more than {@value #MAX_BRANCHES}.
     *
     * @throws GitRemoteException when the remote cannot be read, has no such commit, or brings more than is taken
     * @throws IOException when the repository is damaged
     */
    public void fetchCommit(IsolatedRepository into, Repository view, ObjectId commit, Runnable before)
            throws GitRemoteException, IOException {
        Ref named = new ObjectIdRef.Unpeeled(Ref.Storage.NETWORK, commit.name(), commit);
        try {
            receive(into, view, branchRef, 0, before, connection -> List.of(named));
        } catch (GitRemoteException refused) {
            if (refused.isTemporary()) {
                throw refused;
            }
            receive(into, view, Constants.R_HEADS + "*", 0, before, connection -> {
                List<Ref> heads = connection.getRefs().stream()
                        .filter(ref -> ref.getName().startsWith(Constants.R_HEADS) && ref.getObjectId() != null)
                        .toList();
                if (heads.size() > MAX_BRANCHES) {
                    throw refused;
                }
                return heads;
            });
        }
    }

    /** Which of a remote's commits are wanted. */
    private interface RefSelector {
        Collection<Ref> of(FetchConnection connection) throws GitRemoteException;
    }

    /**
     * Brings what the repository does not have yet.
     *
     * @param refs what the remote is asked to name
     * @param generations of commits that are brought; 0 for all
     * @return what was chosen
     */
    private Collection<Ref> receive(
            IsolatedRepository into,
            Repository view,
            String refs,
            int generations,
            Runnable before,
            RefSelector refSelector)
            throws GitRemoteException, IOException {
        StatusRecordingConnectionFactory statuses = new StatusRecordingConnectionFactory(sockets, limits.time());
        FetchLimiter guard = new FetchLimiter(limits);
        try (Transport transport = open(into.forFetch(view, guard, generations > 0), statuses, generations);
                FetchConnection connection =
                        transport.openFetch(List.of(new RefSpec(refs, RefSpec.WildcardMode.ALLOW_MISMATCH)))) {
            Collection<Ref> chosen = refSelector.of(connection);
            // A pack is taken in as a whole or not at all, so whoever has a commit has everything below it.
            List<Ref> missing = new ArrayList<>();
            for (Ref ref : chosen) {
                if (!view.getObjectDatabase().has(ref.getObjectId())) {
                    missing.add(ref);
                }
            }
            if (!missing.isEmpty()) {
                before.run();
                // Over HTTP the connection itself limits the time, and without a monitor no progress is sent.
                ProgressMonitor monitor = transport instanceof TransportHttp ? NullProgressMonitor.INSTANCE : guard;
                connection.fetch(monitor, missing, Set.of());
                requireAll(guard);
            }
            return chosen;
        } catch (IOException e) {
            if (guard.exceeded() == null && RemoteErrorTranslator.isDamage(e)) {
                throw e;
            }
            throw statuses.isSha256() ? failures.sha256().causedBy(e) : failures.ofFetch(e, statuses.last(), guard);
        }
    }

    /** The library breaks off without a word. */
    private static void requireAll(FetchLimiter guard) throws IOException {
        if (guard.exceeded() != null) {
            throw new IOException(guard.exceeded());
        }
    }

    /**
     * Moves the branch from one commit to another, never by force.
     *
     * @throws GitRemoteException when the remote cannot be written and nothing was sent to it
     * @throws IOException when the repository is damaged
     */
    public PushOutcome push(Repository from, ObjectId expected, ObjectId tip) throws GitRemoteException, IOException {
        StatusRecordingConnectionFactory statuses = new StatusRecordingConnectionFactory(sockets, limits.time());
        try (Transport transport = open(from, statuses);
                PushConnection connection = transport.openPush()) {
            Ref present = connection.getRef(branchRef);
            if (present == null) {
                throw branchMissing();
            }
            if (!expected.equals(present.getObjectId())) {
                return new PushOutcome(PushResult.NON_FAST_FORWARD, null);
            }
            return send(
                    connection,
                    new RemoteRefUpdate(from, tip.name(), tip, branchRef, false, null, expected.copy()),
                    statuses);
        } catch (IOException e) {
            if (RemoteErrorTranslator.isDamage(e)) {
                throw e;
            }
            throw failures.of(e, statuses.last(), true);
        } catch (RuntimeException e) {
            // The library's way to say that an answer made no sense to it.
            throw failures.of(new IOException(e), StatusRecordingConnectionFactory.ErrorResponse.NONE, true);
        }
    }

    /** From here on the remote may have taken what was sent, whatever goes wrong. */
    private PushOutcome send(
            PushConnection connection, RemoteRefUpdate update, StatusRecordingConnectionFactory statuses)
            throws IOException {
        try {
            connection.push(NullProgressMonitor.INSTANCE, Map.of(branchRef, update));
            return update.getStatus() == RemoteRefUpdate.Status.OK
                    ? new PushOutcome(PushResult.OK, null)
                    : new PushOutcome(
                            PushResult.REJECTED,
                            failures.rejected(branch, update.getMessage(), connection.getMessages()));
        } catch (IOException e) {
            if (RemoteErrorTranslator.isDamage(e)) {
                throw e;
            }
            String unpacking = RemoteErrorTranslator.unpackError(e);
            if (unpacking != null) {
                return new PushOutcome(
                        PushResult.REJECTED, failures.rejected(branch, unpacking, connection.getMessages()));
            }
            StatusRecordingConnectionFactory.ErrorResponse errorResponse = statuses.last();
            return new PushOutcome(
                    StatusRecordingConnectionFactory.isFinal(errorResponse.status())
                            ? PushResult.FAILED
                            : PushResult.UNKNOWN,
                    failures.of(e, errorResponse, true));
        } catch (RuntimeException e) {
            return new PushOutcome(
                    PushResult.UNKNOWN,
                    failures.of(new IOException(e), StatusRecordingConnectionFactory.ErrorResponse.NONE, true));
        }
    }

    private GitRemoteException branchMissing() {
        return new GitRemoteException(
                "There is no branch \"" + branch + "\" in " + url,
                "Create it with a first commit, or name another one");
    }

    /** The versions of a folder follow each other in a pack, so a delta's base is near; looking farther costs more. */
    private static PackConfig packConfig(Repository repository) {
        PackConfig config = new PackConfig(repository);
        config.setDeltaSearchWindowSize(3);
        config.setThreads(1);
        return config;
    }

    /**
     * What the remote names with these specifications, without its objects.
     *
     * @throws GitRemoteException when the remote cannot be read
     */
    Collection<Ref> listRefs(List<RefSpec> refs) throws GitRemoteException {
        StatusRecordingConnectionFactory statuses = new StatusRecordingConnectionFactory(sockets, limits.time());
        // It stores nothing and has none of the machine's configuration.
        InMemoryRepository.Builder builder = new InMemoryRepository.Builder();
        builder.setRepositoryDescription(new DfsRepositoryDescription(branch));
        builder.setFS(FS.DETECTED);
        try (Repository none = builder.build();
                Transport transport = open(none, statuses);
                FetchConnection connection = transport.openFetch(refs)) {
            return connection.getRefs();
        } catch (IOException e) {
            throw statuses.isSha256() ? failures.sha256().causedBy(e) : failures.of(e, statuses.last(), false);
        }
    }

    private Transport open(Repository repository, StatusRecordingConnectionFactory statuses, int generations)
            throws GitRemoteException {
        Transport transport = open(repository, statuses);
        if (generations > 0) {
            transport.setDepth(generations);
        }
        return transport;
    }

    private Transport open(Repository repository, StatusRecordingConnectionFactory statuses) throws GitRemoteException {
        LocalRemoteCheck.check(url, failures);
        Transport transport;
        try {
            transport = Transport.open(repository, RemoteUrl.withoutHttpUser(new URIish(url)));
        } catch (URISyntaxException | NotSupportedException | RuntimeException e) {
            throw new GitRemoteException(url + " cannot be opened", "Check the URL").causedBy(e);
        } catch (IOException e) {
            throw failures.of(e, StatusRecordingConnectionFactory.ErrorResponse.NONE, false);
        }
        // What the JVM has as its defaults belongs to others.
        transport.setCredentialsProvider(null);
        transport.setTimeout((int) Math.max(1, timeout.toSeconds()));
        transport.setTagOpt(TagOpt.NO_TAGS);
        transport.setPackConfig(packConfig(repository));
        if (transport instanceof TransportHttp http) {
            http.setHttpConnectionFactory(statuses);
        }
        try {
            access.configure(transport);
            return transport;
        } catch (IOException e) {
            transport.close();
            throw new GitRemoteException(
                            "There are no usable credentials for " + url + ": "
                                    + RemoteErrorTranslator.oneLine(e.getMessage()),
                            "Check the configuration of the credentials")
                    .causedBy(e);
        }
    }
}
