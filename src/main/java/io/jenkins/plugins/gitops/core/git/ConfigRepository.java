package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.objects.TreeCache;
import io.jenkins.plugins.gitops.core.git.remote.DefaultBranch;
import io.jenkins.plugins.gitops.core.git.remote.GitCredentials;
import io.jenkins.plugins.gitops.core.git.remote.GitOptions;
import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import io.jenkins.plugins.gitops.core.git.remote.ReadableDuration;
import io.jenkins.plugins.gitops.core.git.remote.RemoteBranch;
import io.jenkins.plugins.gitops.core.git.remote.RemoteErrorTranslator;
import io.jenkins.plugins.gitops.core.git.remote.RemoteUrl;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/**
 * One branch of the config repository: a bare clone in a cache folder, read at any revision and written by group
 * commit. Uses no work tree, no hooks, no filters, and none of the machine's Git configuration. Thread-safe.
 */
public final class ConfigRepository implements AutoCloseable {
    /**
     * A {@link GitOptions#depth} that is sufficient to find operations. Changes and {@link #deepening} fetch older
     * commits if needed; {@link #isAncestor}, {@link #root}, {@link #revisionsSince} and {@link #log} do not.
     */
    public static final int INITIAL_DEPTH = OperationIndex.COMMITS + 1;

    /** Follows the scope of a clone whose policy is on another branch. */
    private static final String POLICY_ELSEWHERE = "\npolicy of another branch";

    private final String url;
    private final RemoteBranch remoteBranch;
    private final LocalClone clone;
    private final TreeCache treeCache;
    private final BranchTrees trees;
    private final CommitLog commitLog;
    private final FileLog files;
    private final ChangeQueue queue;
    private final GitOptions options;

    private ConfigRepository(
            String url,
            LocalClone clone,
            RemoteBranch remoteBranch,
            BranchTrees trees,
            Executor executor,
            GitOptions options) {
        this.trees = trees;
        this.url = url;
        this.remoteBranch = remoteBranch;
        this.clone = clone;
        this.treeCache = new TreeCache(clone);
        this.options = options;
        this.commitLog = new CommitLog(clone);
        this.files = new FileLog(clone, treeCache);
        this.queue = new ChangeQueue(
                new GroupPusher(clone, treeCache, trees, files, remoteBranch, options), executor, clone, options);
    }

    /**
     * As {@link #open(Path, String, String, String, GitCredentials, Executor, GitOptions)} with the default options.
     */
    public static ConfigRepository open(
            Path cacheFolder,
            String url,
            @CheckForNull String branch,
            String scope,
            GitCredentials access,
            Executor writer)
            throws UserErrorException {
        return open(cacheFolder, url, branch, scope, access, writer, GitOptions.DEFAULT);
    }

    /**
     * Opens the clone, or creates an empty one; no network.
     *
     * @param cacheFolder contains the clones; each is locked while it is open
     * @param url https, ssh, scp-like, or http on the loopback interface; may contain a user, but no password
     * @param branch a short name such as main; null for the remote's default branch, which the first fetch determines and
     *     the clone remembers. If the remote gets another default branch later, {@link #fetch} switches to it.
     * @param scope identifies the owner of the credentials: the remote may show a different repository for other
     *     credentials, so each scope has its own clone
     * @param writer runs the pushes; one task at a time for each repository
     * @throws UserErrorException when the URL or branch is not allowed, or the clone is in use or cannot be written
     */
    public static ConfigRepository open(
            Path cacheFolder,
            String url,
            @CheckForNull String branch,
            String scope,
            GitCredentials access,
            Executor writer,
            GitOptions options)
            throws UserErrorException {
        return open(cacheFolder, url, branch, scope, access, writer, options, null);
    }

    /**
     * As {@link #open(Path, String, String, String, GitCredentials, Executor, GitOptions)}, for a branch whose policy is on
     * another one. It has a clone of its own, beside that of the same branch with its own policy.
     *
     * @param policy where the {@code gitops.yaml} comes from that counts for all revisions of the branch; null when it is the
     *     branch's own
     */
    public static ConfigRepository open(
            Path cacheFolder,
            String url,
            String branch,
            String scope,
            GitCredentials access,
            Executor writer,
            GitOptions options,
            @CheckForNull PolicySource policy)
            throws UserErrorException {
        RemoteUrl.check(url, options.filesAllowed());
        if (branch != null) {
            RemoteUrl.checkBranch(branch);
        }
        RemoteBranch remoteBranch =
                new RemoteBranch(url, branch, access, options, () -> BranchTrees.namedAt(branch, policy));
        BranchTrees trees = new BranchTrees(remoteBranch::branch, policy);
        CloneDirectory folder =
                CloneDirectory.lock(cacheFolder, url, branch, policy == null ? scope : scope + POLICY_ELSEWHERE);
        try {
            LocalClone clone = new LocalClone(folder, remoteBranch);
            return new ConfigRepository(url, clone, remoteBranch, trees, writer, options);
        } catch (IOException e) {
            folder.close();
            throw new UserErrorException(
                            "The local clone of " + url + " cannot be used: "
                                    + RemoteErrorTranslator.oneLine(e.getMessage()),
                            "Check the permissions of the cache folder and the space on its disk")
                    .causedBy(e);
        }
    }

    /**
     * Deletes the clones of a cache folder that no process has opened or closed since then. Open clones are kept.
     *
     * @return number of deleted clones
     * @throws IOException when the folder cannot be read or written
     */
    public static int deleteUnused(Path cacheFolder, Instant since) throws IOException {
        return CloneDirectory.deleteUnused(cacheFolder, since);
    }

    /** As passed to {@link #open}; contains no secret. */
    public String url() {
        return url;
    }

    /** The branch that is read and written; {@code HEAD} for the remote's default branch before the first fetch. */
    public String branch() {
        return remoteBranch.branch();
    }

    /** False while the default branch has not been fetched yet. */
    public boolean isBranchKnown() {
        return remoteBranch.followed().isKnown();
    }

    /**
     * Updates the clone to the tip of the remote's branch, even if the branch was rewritten. A clone of the default branch
     * switches to another default branch, unless a change is waiting to be written to the former one.
     *
     * @return the tip, 40 hex digits
     * @throws GitRemoteException when the remote cannot be read, or the clone cannot be written or is closed
     */
    public String fetch() throws GitRemoteException {
        String fetched = clone.fetch(queue::isIdle).name();
        clone.maintainIfDue();
        return fetched;
    }

    /**
     * Fetches one commit that is not on the branch, such as one of another branch. Does not change {@link #tip}.
     *
     * @param revision 40 hex digits
     * @throws GitRemoteException when it is not a revision, the remote cannot be read or has no such commit, or the
     *     clone cannot be written or is closed
     */
    public void fetchCommit(String revision) throws GitRemoteException {
        if (revision.length() != Constants.OBJECT_ID_STRING_LENGTH || !ObjectId.isId(revision)) {
            throw new GitRemoteException(
                    "\"" + RemoteErrorTranslator.oneLine(revision) + "\" is not a revision",
                    "Give the whole 40 hex digits");
        }
        clone.fetchCommit(ObjectId.fromString(revision));
    }

    /**
     * As {@link #fetch()}, but retries until {@link GitOptions#deadline} while the remote is unavailable. Blocks the
     * thread.
     *
     * @param progress receives one line before each retry
     * @throws InterruptedException when the thread is interrupted between two attempts
     */
    public String fetchWithRetries(Consumer<String> progress) throws GitRemoteException, InterruptedException {
        return retry(options, this::fetch, progress);
    }

    /**
     * The branch that a remote's {@code HEAD} refers to, as {@link DefaultBranch} finds it. Retried as
     * {@link #fetchWithRetries}.
     *
     * @throws UserErrorException when the URL is not allowed
     * @throws GitRemoteException when the remote cannot be read, or has no default branch
     * @throws InterruptedException when the thread is interrupted between two attempts
     */
    public static String defaultBranch(String url, GitCredentials access, GitOptions options, Consumer<String> progress)
            throws UserErrorException, InterruptedException {
        RemoteUrl.check(url, options.filesAllowed());
        return retry(options, () -> DefaultBranch.of(url, access, options), progress);
    }

    /** Sends a request to the remote. */
    private interface RemoteRequest {
        String send() throws GitRemoteException;
    }

    private static String retry(GitOptions options, RemoteRequest request, Consumer<String> progress)
            throws GitRemoteException, InterruptedException {
        RetryWindow retryWindow = new RetryWindow(options.deadline());
        Backoff backoff = new Backoff(options.firstPause(), options.longestPause());
        while (true) {
            retryWindow.countAttempt();
            try {
                return request.send();
            } catch (GitRemoteException e) {
                if (!e.isTemporary() || retryWindow.isOver(e)) {
                    throw e.isTemporary() ? retryWindow.failure(e) : e;
                }
                Duration pause = retryWindow.limitPause(backoff.next(e.retryAfter()), e);
                progress.accept(e.problem() + "; trying again in " + ReadableDuration.text(pause));
                TimeUnit.MILLISECONDS.sleep(pause.toMillis());
            }
        }
    }

    /**
     * Packs the clone's objects if there are many. Also runs automatically now and then; fetches and pushes wait
     * meanwhile.
     *
     * @return whether it was necessary and succeeded
     */
    public boolean maintain() {
        return clone.maintain(CloneGc.MAX_LOOSE, CloneGc.MAX_PACKS);
    }

    /** The last fetched or pushed tip, 40 hex digits; no network. */
    public Optional<String> tip() {
        return Optional.ofNullable(clone.tip()).map(ObjectId::name);
    }

    /**
     * The files of a revision; no network.
     *
     * @throws IOException when the clone does not contain the revision
     */
    public FileTree files(String revision) throws IOException {
        return trees.known().tree(treeCache, commitLog.tree(revision));
    }

    /** Queries for any revision, which may also be used while planning. */
    public RevisionReader revisions() {
        return new RevisionReader(commitLog, files, treeCache, trees::known);
    }

    /** Whether the clone contains a commit, on the branch or not; no network. */
    public boolean contains(String revision) {
        return commitLog.contains(revision);
    }

    /**
     * Whether {@code ancestor} is an ancestor of {@code descendant} or equal to it; false when the clone does not
     * contain both. No network.
     */
    public boolean isAncestor(String ancestor, String descendant) throws IOException {
        return commitLog.isAncestor(ancestor, descendant);
    }

    /**
     * The commit without parents at the end of the first-parent line, 40 hex digits. It stays the same unless the
     * branch is rewritten. No network, but walks the whole line.
     *
     * @throws IOException when the clone does not contain the revision
     */
    public String root(String revision) throws IOException {
        return commitLog.root(revision);
    }

    /**
     * The history of the branch since a commit: the commit itself, then the commits of the first-parent line up to the
     * tip that contain it, oldest first. No network.
     *
     * @param since 12 to 40 hex digits
     * @param tip 40 hex digits
     * @param most number of newest commits that are searched for the first one
     * @return empty when the commit is not among those that the tip contains
     * @throws IOException when the clone does not contain the tip
     */
    public Optional<List<String>> revisionsSince(String since, String tip, int most) throws IOException {
        return commitLog.since(since, tip, most);
    }

    /**
     * Whether a commit changed a file, other than by merging another commit that changed it; no network.
     *
     * @throws IOException when the clone does not contain the commit
     */
    public boolean hasChanged(String revision, String path) throws IOException {
        return commitLog.hasChanged(revision, path);
    }

    /**
     * The paths of the files that differ between two revisions; no network.
     *
     * @return empty when there are more than {@code most}
     * @throws IOException when the clone does not contain both
     */
    public Optional<List<String>> changedFiles(String one, String other, int most) throws IOException {
        return commitLog.changedFiles(one, other, most);
    }

    /** As {@link #submit(Change, Consumer)}, without progress messages. */
    public CompletableFuture<ChangeResult> submit(Change change) {
        return submit(change, line -> {});
    }

    /**
     * Writes a change as one commit. Changes that are submitted during a push are grouped into the next one. If the
     * operation already has a commit, returns the result of that commit and writes nothing. While the remote is
     * unavailable, the change waits in the queue, without blocking a thread, and is retried until
     * {@link GitOptions#deadline}.
     *
     * @param progress receives one line each time that the change has to wait for the remote; must not block the
     *     calling thread
     * @return completes on a thread of the writer, so dependent stages should not block there; fails with
     *     {@link UserErrorException} when the change is not possible, {@link GitRemoteException} when the remote does
     *     not accept it, or any other exception of the planner. If it is cancelled while it waits, the change is not
     *     written; while it is being pushed, {@code cancel} returns false, the future completes with the result of that
     *     push, and there is no retry. Cancelling a dependent stage does not cancel the change.
     */
    public CompletableFuture<ChangeResult> submit(Change change, Consumer<String> progress) {
        return queue.submit(change, progress);
    }

    /**
     * The commits that changed anything under a path, newest first; no network.
     *
     * @param path {@code ""} for all
     * @param limit maximum number of commits
     * @throws IOException when the clone does not contain the revision
     */
    public List<CommitInfo> log(String revision, String path, int limit) throws IOException {
        return commitLog.log(revision, path, limit);
    }

    /**
     * The commits that changed one file, newest first; no network. The first query walks the commits and takes a while
     * in a large repository; later ones, for any file, walk new commits only. Follows the branch's first-parent line,
     * so a merge counts as one change.
     *
     * @param limit maximum number of commits
     * @throws IOException when the clone does not contain the revision, or is shallow and ends before that many were
     *     found; see {@link #deepening}
     */
    public List<FileVersion> fileLog(String revision, String path, int limit) throws IOException {
        return files.log(revision, path, limit);
    }

    /**
     * Runs a query, and fetches older commits as long as it needs some that a shallow clone does not have. Without it,
     * such a query fails.
     *
     * @throws UserErrorException thrown by the query, or when older commits are needed and cannot be fetched
     * @throws IOException thrown by the query
     */
    public <T> T deepening(HistoryQuery<T> query) throws UserErrorException, IOException {
        return new DeepeningHistory(clone).<T, UserErrorException>query(query::run);
    }

    /** Fails waiting changes, and releases the folder as soon as no network operation is running. */
    @Override
    public void close() {
        queue.close();
        clone.close();
    }
}
