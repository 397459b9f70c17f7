package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.objects.ObjectSource;
import io.jenkins.plugins.gitops.core.git.objects.PendingObjects;
import io.jenkins.plugins.gitops.core.git.objects.PendingObjectsPack;
import io.jenkins.plugins.gitops.core.git.objects.UnpushedCommits;
import io.jenkins.plugins.gitops.core.git.remote.GitRemoteException;
import io.jenkins.plugins.gitops.core.git.remote.IsolatedRepository;
import io.jenkins.plugins.gitops.core.git.remote.RemoteBranch;
import io.jenkins.plugins.gitops.core.git.remote.RemoteErrorTranslator;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;

/**
 * The local clone and its remote. One network operation at a time, concurrently with reads. A corrupt clone is
 * recreated from the remote.
 */
final class LocalClone implements ObjectSource, AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(LocalClone.class.getName());
    private static final int CLOSE_SECONDS = 5;
    /** Number of updates between two checks for maintenance, since counting files takes milliseconds. */
    private static final int UPDATES_BETWEEN_LOOKS = 32;

    private static final int MAX_UNSAVED = 4_000;
    private static final long MAX_UNSAVED_BYTES = 16L << 20;

    private final CloneDirectory folder;
    private final RemoteBranch remoteBranch;
    private volatile String branchRef;
    private final ReentrantLock network = new ReentrantLock(true);

    private final AtomicInteger updates = new AtomicInteger();

    private volatile IsolatedRepository repository;

    /** Pushed objects that are not stored in the clone's files yet; after a crash, they are fetched again. */
    private final PendingObjects pendingObjects = new PendingObjects();

    /** The repository together with the pending objects. */
    private volatile Repository view;

    @CheckForNull
    private volatile ObjectId tip;

    private volatile boolean damaged;
    private volatile boolean closed;
    private final AtomicLong fetchesBegun = new AtomicLong();
    /** Number of the last successful fetch; guarded by {@link #network}. */
    private long lastFetch;

    private boolean released;

    LocalClone(CloneDirectory folder, RemoteBranch remoteBranch) throws IOException {
        this.folder = folder;
        this.remoteBranch = remoteBranch;
        this.repository = folder.open();
        this.view = repository.with(pendingObjects);
        Ref head = repository.exactRef(Constants.HEAD);
        this.branchRef = head.getTarget().getName();
        this.tip = head.getObjectId();
        remoteBranch.followed().switchTo(branchRef);
    }

    /** Replaced when a corrupt clone is recreated. */
    Repository repository() {
        return view;
    }

    @Override
    public ObjectReader newObjectReader() {
        return view.newObjectReader();
    }

    /** The last fetched or pushed tip; null before the first fetch. */
    @CheckForNull
    ObjectId tip() {
        return tip;
    }

    /** Records that objects are missing; the next fetch recreates the clone. */
    @Override
    public void noteDamage(Throwable e) {
        if (RemoteErrorTranslator.isDamage(e)) {
            damaged = true;
        }
    }

    /**
     * Updates the clone. Callers that wait while another fetch is running share the next one.
     *
     * @param mayFollow whether to switch to another default branch while the former one still exists; called while no
     *     push is running
     * @return the remote's tip at some time after the call started
     */
    ObjectId fetch(BooleanSupplier mayFollow) throws GitRemoteException {
        long begunBefore = fetchesBegun.get();
        lock();
        try {
            ObjectId known = tip;
            if (lastFetch > begunBefore && known != null && !damaged) {
                return known;
            }
            long number = fetchesBegun.incrementAndGet();
            ObjectId fetched = fetchLocked(mayFollow);
            lastFetch = number;
            return fetched;
        } finally {
            unlock();
        }
    }

    private ObjectId fetchLocked(BooleanSupplier mayFollow) throws GitRemoteException {
        try {
            if (damaged) {
                return rebuild(mayFollow);
            }
            try {
                ObjectId fetched = remoteBranch.fetch(repository, view, this::trySave, mayFollow);
                if (!fetched.equals(tip)
                        || !branchRef.equals(remoteBranch.followed().name())) {
                    trySave();
                    CloneDirectory.parse(repository, fetched);
                    follow(repository);
                    write(repository, fetched);
                    tip = fetched.copy();
                    updates.incrementAndGet();
                }
                return fetched;
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "The clone of {0} is corrupt and will be recreated", remoteBranch.url());
                return rebuild(mayFollow);
            }
        } catch (IOException e) {
            throw unusableClone(e);
        }
    }

    /** The commits whose parents this clone does not have; empty if it has the complete history. */
    Set<ObjectId> boundary() throws IOException {
        return repository.getObjectDatabase().getShallowCommits();
    }

    /**
     * Fetches older commits, unless this was done since; does not change the tip.
     *
     * @param seen the boundary when they were missing
     * @param generations how many generations of commits to have, counted from the tip
     */
    void deepen(Set<ObjectId> seen, int generations) throws GitRemoteException {
        lock();
        try {
            if (!damaged && seen.equals(boundary())) {
                LOGGER.log(Level.FINE, "Fetching {0} generations of commits", generations);
                remoteBranch.deepen(repository, view, generations, this::trySave);
                updates.incrementAndGet();
            }
        } catch (IOException e) {
            noteDamage(e);
            throw unusableClone(e);
        } finally {
            unlock();
        }
    }

    /**
     * Fetches one commit of any branch; does not change the tip.
     *
     * @throws GitRemoteException when the remote cannot be read or has no such commit, or the clone cannot be written
     *     or is closed
     */
    void fetchCommit(ObjectId commit) throws GitRemoteException {
        lock();
        try {
            if (!damaged) {
                remoteBranch.fetchCommit(repository, view, commit, this::trySave);
                updates.incrementAndGet();
            }
        } catch (IOException e) {
            noteDamage(e);
            throw unusableClone(e);
        } finally {
            unlock();
        }
    }

    private ObjectId rebuild(BooleanSupplier mayFollow) throws GitRemoteException, IOException {
        IsolatedRepository fresh = folder.fresh();
        ObjectId fetched;
        try {
            fetched = remoteBranch.fetch(fresh, fresh, () -> {}, mayFollow);
            follow(fresh);
            write(fresh, fetched);
        } catch (GitRemoteException | IOException e) {
            fresh.close();
            throw e;
        }
        IsolatedRepository old = repository;
        pendingObjects.clear();
        repository = folder.replace(fresh);
        view = repository.with(pendingObjects);
        tip = fetched.copy();
        old.close();
        damaged = false;
        return fetched;
    }

    /** Points HEAD of the clone to the fetched branch. The commits of the former branch stay readable. */
    private void follow(Repository where) throws IOException {
        String fetched = remoteBranch.followed().name();
        if (!fetched.equals(branchRef) && tip != null) {
            LOGGER.log(
                    Level.WARNING,
                    "The default branch of {0} is {1} now; {2} is no longer read or written",
                    new Object[] {remoteBranch.url(), remoteBranch.branch(), Repository.shortenRefName(branchRef)});
        }
        branchRef = fetched;
        Ref head = where.exactRef(Constants.HEAD);
        if (head == null || !head.getTarget().getName().equals(fetched)) {
            RefUpdate update = where.updateRef(Constants.HEAD);
            update.disableRefLog();
            requireWritten(update.link(fetched));
        }
    }

    private void write(Repository where, ObjectId commit) throws IOException {
        RefUpdate update = where.updateRef(branchRef);
        update.setNewObjectId(commit);
        update.setForceUpdate(true);
        update.disableRefLog();
        requireWritten(update.update());
    }

    private static void requireWritten(RefUpdate.Result result) throws IOException {
        switch (result) {
            case NEW, FORCED, FAST_FORWARD, NO_CHANGE -> {}
            default -> throw new IOException("The branch of the clone could not be written: " + result);
        }
    }

    /** Stores and packs accumulated objects now and then; a failure is retried later and does not affect callers. */
    void maintainIfDue() {
        if (pendingObjects.count() > MAX_UNSAVED || pendingObjects.bytes() > MAX_UNSAVED_BYTES) {
            save();
        }
        if (updates.get() >= UPDATES_BETWEEN_LOOKS && updates.getAndSet(0) > 0) {
            maintain(CloneGc.MAX_LOOSE, CloneGc.MAX_PACKS);
        }
    }

    /** Stores the pushed objects in the clone's files; false when there are none, or it is not possible now. */
    boolean save() {
        network.lock();
        try {
            return !closed && trySave();
        } finally {
            unlock();
        }
    }

    /** A failure does not matter for the pushed changes; an outdated clone is updated by the next fetch. */
    private boolean trySave() {
        try {
            return !damaged && savePack();
        } catch (IOException | RuntimeException e) {
            noteDamage(e);
            LOGGER.log(
                    Level.WARNING, "What was pushed to " + remoteBranch.url() + " could not be saved in the clone", e);
            return false;
        }
    }

    private boolean savePack() throws IOException {
        ObjectId pushed = tip;
        if (pendingObjects.count() == 0 || pushed == null) {
            return false;
        }
        folder.requireReadableTip();
        PendingObjectsPack.store(pendingObjects, view, repository);
        write(repository, pushed);
        pendingObjects.clear();
        updates.incrementAndGet();
        return true;
    }

    /** Whether it was necessary and succeeded. */
    boolean maintain(int mostLoose, int mostPacks) {
        network.lock();
        try {
            if (closed || damaged || !CloneGc.isDue(repository, mostLoose, mostPacks)) {
                return false;
            }
            CloneGc.run(repository);
            return true;
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINE, "The clone of " + remoteBranch.url() + " was not packed", e);
            return false;
        } finally {
            unlock();
        }
    }

    /**
     * Pushes to the remote's branch, and updates the clone's branch.
     *
     * @throws IOException when the clone is corrupt
     */
    RemoteBranch.PushOutcome push(ObjectId expected, UnpushedCommits commits) throws GitRemoteException, IOException {
        lock();
        try {
            RemoteBranch.PushOutcome pushOutcome =
                    remoteBranch.push(repository.forPush(pendingObjects, commits), expected, commits.head());
            if (pushOutcome.outcome() == RemoteBranch.PushResult.OK) {
                pendingObjects.addAll(commits.objects());
                tip = commits.head().copy();
            }
            return pushOutcome;
        } finally {
            unlock();
        }
    }

    GitRemoteException unusableClone(IOException e) {
        return new GitRemoteException(
                        "The local clone of " + remoteBranch.url() + " cannot be used: "
                                + RemoteErrorTranslator.oneLine(e.getMessage()),
                        "Check the permissions of the cache folder and the space on its disk")
                .causedBy(e);
    }

    private void lock() throws GitRemoteException {
        network.lock();
        if (closed) {
            unlock();
            throw closedFailure();
        }
    }

    private void unlock() {
        // If the clone was closed during a network operation, the thread of that operation releases it.
        if (closed && network.getHoldCount() == 1) {
            release();
        }
        network.unlock();
    }

    GitRemoteException closedFailure() {
        // The configuration has changed: opening the repository again returns the new clone.
        return new GitRemoteException(
                "The local clone of " + remoteBranch.url() + " is closed", "Try again once it is set up again", true);
    }

    boolean isClosed() {
        return closed;
    }

    /** Releases the folder; if a network operation takes too long to end, that operation releases it at its end. */
    @Override
    public void close() {
        closed = true;
        try {
            if (network.tryLock(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void release() {
        if (!released) {
            released = true;
            trySave();
            repository.close();
            folder.close();
        }
    }
}
