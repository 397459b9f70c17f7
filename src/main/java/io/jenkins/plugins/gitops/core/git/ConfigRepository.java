package io.jenkins.plugins.gitops.core.git;

import io.jenkins.plugins.gitops.core.git.objects.GitFileTree;
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
 * One branch of the config repository: a bare clone in a cache folder, read at any revision and written by group commit.
 * No work tree, no hooks, no filters, and nothing of the machine's own Git configuration. May be used by many threads.
 */
public final class ConfigRepository implements AutoCloseable {
    /**
     * A {@link GitOptions#depth} with which everything is answered as with the whole history, but for what goes farther back:
     * {@link #isAncestor}, {@link #root} and {@link #log}. Operations and the versions of files are not looked for beyond it.
     */
    public static final int SUFFICIENT_DEPTH = Math.max(FileLog.MAX_COMMITS, OperationIndex.COMMITS) + 1;

    private final String url;
    private final String branch;
    private final LocalClone clone;
    private final TreeCache treeCache;
    private final CommitLog commitLog;
    private final FileLog files;
    private final ChangeQueue queue;
    private final GitOptions options;

    private ConfigRepository(
            String url,
            String branch,
            LocalClone clone,
            RemoteBranch remoteBranch,
            Executor executor,
            GitOptions options) {
        this.url = url;
        this.branch = branch;
        this.clone = clone;
        this.treeCache = new TreeCache(clone);
        this.options = options;
        this.commitLog = new CommitLog(clone);
        this.files = new FileLog(clone, treeCache);
        this.queue = new ChangeQueue(
                new GroupPusher(clone, treeCache, files, remoteBranch, options), executor, clone, options);
    }

    /**
     * As {@link #open(Path, String, String, String, GitCredentials, Executor, GitOptions)} with the default options.
     */
    public static ConfigRepository open(
            Path cacheFolder, String url, String branch, String scope, GitCredentials access, Executor writer)
            throws UserErrorException {
        return open(cacheFolder, url, branch, scope, access, writer, GitOptions.DEFAULT);
    }

    /**
     * Opens the clone, or an empty one; no network.
     *
     * @param cacheFolder holds the clones; each is locked while it is open
     * @param url https, ssh, scp-like, or http on the loopback interface; it may name a user, but no password
     * @param branch a short name such as main
     * @param scope whose credentials these are: others may see another repository there, so they get another clone
     * @param writer runs the pushes; one task at a time for each repository
     * @throws UserErrorException when the URL or branch is not allowed, or the clone is in use or cannot be written
     */
    public static ConfigRepository open(
            Path cacheFolder,
            String url,
            String branch,
            String scope,
            GitCredentials access,
            Executor writer,
            GitOptions options)
            throws UserErrorException {
        RemoteUrl.check(url, options.filesAllowed());
        RemoteUrl.checkBranch(branch);
        RemoteBranch remoteBranch = new RemoteBranch(url, branch, access, options);
        CloneDirectory folder = CloneDirectory.lock(cacheFolder, url, branch, scope);
        try {
            LocalClone clone = new LocalClone(folder, remoteBranch, Constants.R_HEADS + branch);
            return new ConfigRepository(url, branch, clone, remoteBranch, writer, options);
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
     * Deletes the clones of a cache folder that nobody, in no process, opened or closed since then. What is open stays.
     *
     * @return how many were deleted
     * @throws IOException when the folder cannot be read or written
     */
    public static int deleteUnused(Path cacheFolder, Instant since) throws IOException {
        return CloneDirectory.deleteUnused(cacheFolder, since);
    }

    /** As it was given; holds no secret. */
    public String url() {
        return url;
    }

    /** The branch that is read and written. */
    public String branch() {
        return branch;
    }

    /**
     * Brings the clone up to date with the remote's branch, wherever that was moved to.
     *
     * @return the tip, 40 hex digits
     * @throws GitRemoteException when the remote cannot be read, or the clone cannot be written or is closed
     */
    public String fetch() throws GitRemoteException {
        String fetched = clone.fetch().name();
        clone.maintainIfDue();
        return fetched;
    }

    /**
     * Brings one commit that the branch does not lead to, such as one of another branch. {@link #tip} stays as it is.
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
     * As {@link #fetch()}, tried again until {@link GitOptions#deadline} while the remote is in trouble. Keeps its thread.
     *
     * @param progress told one line before each further try
     * @throws InterruptedException when the thread is interrupted between two tries
     */
    public String fetchWithRetries(Consumer<String> progress) throws GitRemoteException, InterruptedException {
        return retry(options, this::fetch, progress);
    }

    /**
     * The branch that a remote's {@code HEAD} names, as {@link DefaultBranch} finds it. Tried again as {@link
     * #fetchWithRetries}.
     *
     * @throws UserErrorException when the URL is not allowed
     * @throws GitRemoteException when the remote cannot be read, or names none
     * @throws InterruptedException when the thread is interrupted between two tries
     */
    public static String defaultBranch(String url, GitCredentials access, GitOptions options, Consumer<String> progress)
            throws UserErrorException, InterruptedException {
        RemoteUrl.check(url, options.filesAllowed());
        return retry(options, () -> DefaultBranch.of(url, access, options), progress);
    }

    /** What asks the remote. */
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
     * Packs the clone's objects when many have piled up. Happens by itself now and then; fetches and pushes wait
     * meanwhile.
     *
     * @return whether it was necessary and done
     */
    public boolean maintain() {
        return clone.maintain(CloneGc.MAX_LOOSE, CloneGc.MAX_PACKS);
    }

    /** What was fetched or pushed last, 40 hex digits; no network. */
    public Optional<String> tip() {
        return Optional.ofNullable(clone.tip()).map(ObjectId::name);
    }

    /**
     * The files of a revision; no network.
     *
     * @throws IOException when the clone does not hold it
     */
    public FileTree files(String revision) throws IOException {
        return new GitFileTree(treeCache, commitLog.tree(revision));
    }

    /** The same questions to any revision, for what is asked in a plan too. */
    public RevisionReader revisions() {
        return new RevisionReader(commitLog, files, treeCache);
    }

    /** Whether the clone holds a commit, on the branch or not; no network. */
    public boolean contains(String revision) {
        return commitLog.contains(revision);
    }

    /** Whether the one is the other or led to it; false when the clone does not hold both. No network. */
    public boolean isAncestor(String ancestor, String descendant) throws IOException {
        return commitLog.isAncestor(ancestor, descendant);
    }

    /**
     * The commit without parents at the end of the first-parent line, 40 hex digits: it stays the same as long as a branch is only
     * added to. No network, but the whole line is walked.
     *
     * @throws IOException when the clone does not hold the revision
     */
    public String root(String revision) throws IOException {
        return commitLog.root(revision);
    }

    /**
     * What the branch held from a commit on: the commit itself, then the first-parent line up to the tip, oldest first, without
     * what the commit does not lead to. No network.
     *
     * @param since 12 to 40 hex digits
     * @param tip 40 hex digits
     * @param most among so many of the newest commits the first one is looked for
     * @return empty when the commit is not among those that lead to the tip
     * @throws IOException when the clone does not hold the tip
     */
    public Optional<List<String>> revisionsSince(String since, String tip, int most) throws IOException {
        return commitLog.since(since, tip, most);
    }

    /**
     * Whether a commit changed a file, other than by merging what changed it; no network.
     *
     * @throws IOException when the clone does not hold the commit
     */
    public boolean hasChanged(String revision, String path) throws IOException {
        return commitLog.hasChanged(revision, path);
    }

    /**
     * The paths of the files that differ between two revisions; no network.
     *
     * @return empty when there are more than that
     * @throws IOException when the clone does not hold both
     */
    public Optional<List<String>> changedFiles(String one, String other, int most) throws IOException {
        return commitLog.changedFiles(one, other, most);
    }

    /** As {@link #submit(Change, Consumer)}, for a caller who does not want to know why it takes long. */
    public CompletableFuture<ChangeResult> submit(Change change) {
        return submit(change, line -> {});
    }

    /**
     * Writes a change as one commit. What is asked for while a push is under way goes together into the next one. An
     * operation that has its commit already gets that commit's result, and nothing is written. While the remote is in
     * trouble, the change waits and is tried again, without a thread, until {@link GitOptions#deadline}.
     *
     * @param progress told one line each time that the change has to wait for the remote; called on threads that must not
     *     be kept
     * @return completes on a thread of the writer, so what follows should not block there; fails with
     *     {@link UserErrorException} when the change does not fit, {@link GitRemoteException} when the remote does not
     *     take it, or what else the planner threw. Cancelled while it waits, the change is not written; while it is
     *     being pushed, {@code cancel} returns false: it is told what became of it, and it is not tried again. What
     *     {@code then...} and {@code when...} return does not cancel it.
     */
    public CompletableFuture<ChangeResult> submit(Change change, Consumer<String> progress) {
        return queue.submit(change, progress);
    }

    /**
     * The commits that changed anything under a path, newest first; no network.
     *
     * @param path {@code ""} for all
     * @param limit at most so many
     * @throws IOException when the clone does not hold the revision
     */
    public List<CommitInfo> log(String revision, String path, int limit) throws IOException {
        return commitLog.log(revision, path, limit);
    }

    /**
     * The commits that changed one file, newest first; no network. The first question walks the commits and takes a while
     * in a large repository; further ones, about any file, look at new commits only. The branch's first-parent line is
     * followed, so a merge is one change.
     *
     * @param limit at most so many
     * @throws IOException when the clone does not hold the revision
     */
    public List<FileVersion> fileLog(String revision, String path, int limit) throws IOException {
        return files.log(revision, path, limit);
    }

    /** Fails what waits, and lets go of the folder as soon as no network operation is under way. */
    @Override
    public void close() {
        queue.close();
        clone.close();
    }
}
