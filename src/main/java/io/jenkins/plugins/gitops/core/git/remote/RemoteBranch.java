package io.jenkins.plugins.gitops.core.git.remote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.SourceLocation;
import java.io.IOException;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
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
 * One branch of one remote. Uses JGit's connections directly instead of its fetch and push commands, which run hooks,
 * follow tags, and report a missing branch only as text.
 */
public final class RemoteBranch {
    /** If a remote has more branches, they are not all fetched to find one commit. */
    private static final int MAX_BRANCHES = 100;

    private final String url;
    private final FollowedRef followed;
    private final GitCredentials access;
    private final GitOptions options;
    private final Duration timeout;
    private final FetchLimits limits;
    private final int depth;
    private final RemoteErrorTranslator failures;
    private final HttpsSockets sockets;
    private final Supplier<Optional<SourceLocation>> namedAt;

    /** @param branch null to follow the remote's default branch, even if it changes */
    public RemoteBranch(String url, @CheckForNull String branch, GitCredentials access, GitOptions options) {
        this(url, branch, access, options, Optional::empty);
    }

    /**
     * @param branch null to follow the remote's default branch, even if it changes
     * @param namedAt where a file names the branch, for the message when there is none; empty when none does
     */
    public RemoteBranch(
            String url,
            @CheckForNull String branch,
            GitCredentials access,
            GitOptions options,
            Supplier<Optional<SourceLocation>> namedAt) {
        this.namedAt = namedAt;
        this.url = url;
        this.followed = new FollowedRef(branch);
        this.access = access;
        this.options = options;
        this.timeout = options.timeout();
        this.limits = options.limits();
        this.depth = options.depth();
        this.failures = new RemoteErrorTranslator(url, access, timeout);
        this.sockets = new HttpsSockets(options.http());
    }

    public String url() {
        return url;
    }

    /** A short name such as main; {@code HEAD} while the default branch is not known yet. */
    public String branch() {
        return followed.shortName();
    }

    /** The ref of the branch. */
    public FollowedRef followed() {
        return followed;
    }

    /** The result of a push. */
    public enum PushResult {
        /** The branch is updated. */
        OK,
        /** The branch had another tip; nothing was sent. */
        NON_FAST_FORWARD,
        /** The server rejected the push; only the branch shows whether there was a race. */
        REJECTED,
        /** The push was sent, and the response was an error; only the branch shows whether it succeeded. */
        FAILED,
        /** The push was sent, and there was no response; it may even succeed later. */
        UNKNOWN
    }

    /** @param failure error of the server or of JGit; null for OK and NON_FAST_FORWARD */
    public record PushOutcome(
            PushResult outcome, @CheckForNull GitRemoteException failure) {
        /** The error; call it only if there is one. */
        public GitRemoteException reason() {
            if (failure == null) {
                throw new IllegalStateException(outcome + " is not a failure");
            }
            return failure;
        }
    }

    /**
     * Fetches the branch's commits into a repository. If the remote has another default branch than before, and the
     * default branch is followed, fetches that one; see {@link #followed}.
     *
     * @param into the repository that stores the objects
     * @param view the same repository including objects in memory
     * @param before called before anything is transferred
     * @param mayFollow whether to switch to another default branch while the former one still exists
     * @return the branch's tip
     * @throws GitRemoteException when the remote cannot be read, or a limit is exceeded
     * @throws IOException when the repository is corrupt
     */
    public ObjectId fetch(IsolatedRepository into, Repository view, Runnable before, BooleanSupplier mayFollow)
            throws GitRemoteException, IOException {
        Ref tip = fetchTip(into, view, before, mayFollow);
        if (tip == null && followed.isDefaultBranch()) {
            followed.switchTo(Constants.R_HEADS + DefaultBranch.of(url, access, options));
            tip = fetchTip(into, view, before, mayFollow);
        }
        if (tip == null) {
            throw failures.branchMissing(branch(), namedAt.get());
        }
        followed.switchTo(tip.getName());
        return tip.getObjectId();
    }

    /** Null when there is no such branch. */
    @CheckForNull
    private Ref fetchTip(IsolatedRepository into, Repository view, Runnable before, BooleanSupplier mayFollow)
            throws GitRemoteException, IOException {
        // Only the first fetch is shallow; later ones add all missing commits, so that the history only grows.
        boolean empty = into.getRefDatabase().getRefsByPrefix(Constants.R_HEADS).isEmpty();
        int generations = empty ? depth : 0;
        Collection<Ref> fetched = receive(into, view, followed.requested(), generations, false, before, connection -> {
            Ref selected = followed.select(connection, mayFollow);
            return selected == null ? List.of() : List.of(selected);
        });
        return fetched.isEmpty() ? null : fetched.iterator().next();
    }

    /**
     * Fetches older commits of the branch into a shallow repository.
     *
     * @param generations number of generations of commits, counted from the branch's tip, that it has afterwards
     * @param before called before anything is transferred
     * @throws GitRemoteException when the remote cannot be read, or a limit is exceeded
     * @throws IOException when the repository is corrupt
     */
    public void deepen(IsolatedRepository into, Repository view, int generations, Runnable before)
            throws GitRemoteException, IOException {
        receive(into, view, followed.requested(), generations, true, before, connection -> {
            Ref tip = connection.getRef(followed.name());
            if (tip == null || tip.getObjectId() == null) {
                throw failures.branchMissing(branch(), namedAt.get());
            }
            return List.of(tip);
        });
    }

    /**
     * Fetches one commit of any branch into a repository. If the remote does not serve commits by id, fetches all its
     * branches, unless there are more than {@value #MAX_BRANCHES}.
     *
     * @throws GitRemoteException when the remote cannot be read, has no such commit, or a limit is exceeded
     * @throws IOException when the repository is corrupt
     */
    public void fetchCommit(IsolatedRepository into, Repository view, ObjectId commit, Runnable before)
            throws GitRemoteException, IOException {
        Ref named = new ObjectIdRef.Unpeeled(Ref.Storage.NETWORK, commit.name(), commit);
        try {
            receive(into, view, followed.requested(), 0, false, before, connection -> List.of(named));
        } catch (GitRemoteException refused) {
            if (refused.isTemporary()) {
                throw refused;
            }
            receive(into, view, List.of(Constants.R_HEADS + "*"), 0, false, before, connection -> {
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

    /** Selects the refs to fetch. */
    private interface RefSelector {
        Collection<Ref> of(FetchConnection connection) throws GitRemoteException;
    }

    /**
     * Fetches what the repository does not have yet.
     *
     * @param refs pattern of the refs that the remote is asked to list
     * @param generations number of generations of commits to fetch; 0 for all
     * @param deepen whether to ask for commits that the repository has, so that it gets those before them
     * @return the selected refs
     */
    private Collection<Ref> receive(
            IsolatedRepository into,
            Repository view,
            List<String> refs,
            int generations,
            boolean deepen,
            Runnable before,
            RefSelector refSelector)
            throws GitRemoteException, IOException {
        StatusRecordingConnectionFactory statuses = new StatusRecordingConnectionFactory(sockets, limits.time());
        FetchLimiter guard = new FetchLimiter(limits);
        try (Transport transport = open(into.forFetch(view, guard, generations > 0), statuses, generations);
                FetchConnection connection = transport.openFetch(refs.stream()
                        .map(ref -> new RefSpec(ref, RefSpec.WildcardMode.ALLOW_MISMATCH))
                        .toList())) {
            Collection<Ref> chosen = refSelector.of(connection);
            // A pack is stored completely or not at all, so a repository with a commit has everything that it refers
            // to.
            List<Ref> missing = new ArrayList<>();
            for (Ref ref : chosen) {
                if (deepen || !view.getObjectDatabase().has(ref.getObjectId())) {
                    missing.add(ref);
                }
            }
            if (!missing.isEmpty()) {
                before.run();
                // Over HTTP the connection itself enforces the time limit, and without a monitor the server sends no
                // progress.
                ProgressMonitor monitor = transport instanceof TransportHttp ? NullProgressMonitor.INSTANCE : guard;
                connection.fetch(monitor, missing, Set.of());
                guard.requireNotExceeded();
            }
            return chosen;
        } catch (IOException e) {
            if (guard.exceeded() == null && RemoteErrorTranslator.isDamage(e)) {
                throw e;
            }
            throw statuses.isSha256() ? failures.sha256().causedBy(e) : failures.ofFetch(e, statuses.last(), guard);
        }
    }

    /**
     * Updates the branch from one commit to another, never by force.
     *
     * @throws GitRemoteException when the remote cannot be written and nothing was sent
     * @throws IOException when the repository is corrupt
     */
    public PushOutcome push(Repository from, ObjectId expected, ObjectId tip) throws GitRemoteException, IOException {
        StatusRecordingConnectionFactory statuses = new StatusRecordingConnectionFactory(sockets, limits.time());
        try (Transport transport = open(from, statuses);
                PushConnection connection = transport.openPush()) {
            Ref present = connection.getRef(followed.name());
            if (present == null && !followed.isDefaultBranch()) {
                throw failures.branchMissing(branch(), namedAt.get());
            }
            // A default branch that no longer exists was renamed: the next fetch switches to the new one.
            if (present == null || !expected.equals(present.getObjectId())) {
                return new PushOutcome(PushResult.NON_FAST_FORWARD, null);
            }
            return send(
                    connection,
                    new RemoteRefUpdate(from, tip.name(), tip, followed.name(), false, null, expected.copy()),
                    statuses);
        } catch (IOException e) {
            if (RemoteErrorTranslator.isDamage(e)) {
                throw e;
            }
            throw failures.of(e, statuses.last(), true);
        } catch (RuntimeException e) {
            // JGit reports an unintelligible response this way.
            throw failures.of(new IOException(e), StatusRecordingConnectionFactory.ErrorResponse.NONE, true);
        }
    }

    /** From here on, the remote may have accepted the push, even if there is an error. */
    private PushOutcome send(
            PushConnection connection, RemoteRefUpdate update, StatusRecordingConnectionFactory statuses)
            throws IOException {
        try {
            connection.push(NullProgressMonitor.INSTANCE, Map.of(update.getRemoteName(), update));
            return update.getStatus() == RemoteRefUpdate.Status.OK
                    ? new PushOutcome(PushResult.OK, null)
                    : new PushOutcome(
                            PushResult.REJECTED,
                            failures.rejected(branch(), update.getMessage(), connection.getMessages()));
        } catch (IOException e) {
            if (RemoteErrorTranslator.isDamage(e)) {
                throw e;
            }
            String unpacking = RemoteErrorTranslator.unpackError(e);
            if (unpacking != null) {
                return new PushOutcome(
                        PushResult.REJECTED, failures.rejected(branch(), unpacking, connection.getMessages()));
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

    /** Uses a small window, since the versions of a folder are adjacent in a pack, so that a delta's base is near. */
    private static PackConfig packConfig(Repository repository) {
        PackConfig config = new PackConfig(repository);
        config.setDeltaSearchWindowSize(3);
        config.setThreads(1);
        return config;
    }

    /**
     * The refs of the remote that match these specifications, without their objects.
     *
     * @throws GitRemoteException when the remote cannot be read
     */
    Collection<Ref> listRefs(List<RefSpec> refs) throws GitRemoteException {
        StatusRecordingConnectionFactory statuses = new StatusRecordingConnectionFactory(sockets, limits.time());
        // In memory, so that it stores nothing and ignores the machine's configuration.
        InMemoryRepository.Builder builder = new InMemoryRepository.Builder();
        builder.setRepositoryDescription(new DfsRepositoryDescription(branch()));
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
        // The JVM-wide default credentials belong to other code.
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
