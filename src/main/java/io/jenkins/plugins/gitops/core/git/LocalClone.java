package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.PackParser;

/**
 * The local clone and its remote. One network operation at a time; reading goes on meanwhile. A damaged clone is made
 * anew from the remote.
 */
final class LocalClone implements ObjectSource, AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(LocalClone.class.getName());
    private static final int CLOSE_SECONDS = 5;
    /** Counting files costs milliseconds. */
    private static final int UPDATES_BETWEEN_LOOKS = 32;

    private static final int MOST_UNSAVED = 4_000;
    private static final long MOST_UNSAVED_BYTES = 16L << 20;

    private final CacheFolder folder;
    private final Remote remote;
    private final String branchRef;
    private final ReentrantLock network = new ReentrantLock(true);

    private final AtomicInteger updates = new AtomicInteger();

    private volatile CacheRepository repository;

    /** What was pushed and is not in the files of the clone; a process that is killed fetches it again. */
    private final NewObjects unsaved = new NewObjects();

    /** The repository and what is not saved. */
    private volatile Repository view;

    @CheckForNull
    private volatile ObjectId tip;

    private volatile boolean damaged;
    private volatile boolean closed;
    private final AtomicLong fetchesBegun = new AtomicLong();
    /** The number of the last fetch that succeeded; guarded by {@link #network}. */
    private long lastFetch;

    private boolean released;

    LocalClone(CacheFolder folder, Remote remote, String branchRef) throws IOException {
        this.folder = folder;
        this.remote = remote;
        this.branchRef = branchRef;
        this.repository = folder.open();
        this.view = repository.with(unsaved);
        Ref ref = repository.exactRef(branchRef);
        this.tip = ref == null ? null : ref.getObjectId();
    }

    /** Changes when a damaged clone was made anew. */
    Repository repository() {
        return view;
    }

    @Override
    public ObjectReader newObjectReader() {
        return view.newObjectReader();
    }

    /** What was fetched or pushed last; null before the first fetch. */
    @CheckForNull
    ObjectId tip() {
        return tip;
    }

    /** Notes that objects are missing; the next fetch makes the clone anew. */
    @Override
    public void noteDamage(Throwable e) {
        if (RemoteFailures.isDamage(e)) {
            damaged = true;
        }
    }

    /**
     * Brings the clone up to date. Callers that wait while another one fetches share the next fetch.
     *
     * @return the remote's tip at some time after the call began
     */
    ObjectId fetch() throws GitFailure {
        long begunBefore = fetchesBegun.get();
        enter();
        try {
            ObjectId known = tip;
            if (lastFetch > begunBefore && known != null && !damaged) {
                return known;
            }
            long number = fetchesBegun.incrementAndGet();
            ObjectId fetched = fetchAlone();
            lastFetch = number;
            return fetched;
        } finally {
            leave();
        }
    }

    private ObjectId fetchAlone() throws GitFailure {
        try {
            if (damaged) {
                return rebuild();
            }
            try {
                ObjectId fetched = remote.fetch(repository, view, this::trySave);
                if (!fetched.equals(tip)) {
                    trySave();
                    CacheFolder.parse(repository, fetched);
                    write(repository, fetched);
                    tip = fetched.copy();
                    updates.incrementAndGet();
                }
                return fetched;
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "The clone of {0} is damaged; it is made anew", remote.url());
                return rebuild();
            }
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /**
     * Brings one commit, whichever branch leads to it; the tip stays as it is.
     *
     * @throws GitFailure when the remote cannot be read or has no such commit, or the clone cannot be written or is closed
     */
    void fetchCommit(ObjectId commit) throws GitFailure {
        enter();
        try {
            if (!damaged) {
                remote.fetchCommit(repository, view, commit, this::trySave);
                updates.incrementAndGet();
            }
        } catch (IOException e) {
            noteDamage(e);
            throw unusable(e);
        } finally {
            leave();
        }
    }

    private ObjectId rebuild() throws GitFailure, IOException {
        CacheRepository fresh = folder.fresh();
        ObjectId fetched;
        try {
            fetched = remote.fetch(fresh, fresh, () -> {});
            write(fresh, fetched);
        } catch (GitFailure | IOException e) {
            fresh.close();
            throw e;
        }
        CacheRepository old = repository;
        unsaved.clear();
        repository = folder.replace(fresh);
        view = repository.with(unsaved);
        tip = fetched.copy();
        old.close();
        damaged = false;
        return fetched;
    }

    private void write(Repository where, ObjectId commit) throws IOException {
        RefUpdate update = where.updateRef(branchRef);
        update.setNewObjectId(commit);
        update.setForceUpdate(true);
        update.disableRefLog();
        RefUpdate.Result result = update.update();
        switch (result) {
            case NEW, FORCED, FAST_FORWARD, NO_CHANGE -> {}
            default -> throw new IOException("The branch of the clone could not be written: " + result);
        }
    }

    /** Saves and packs what has piled up, now and then; what fails here is tried again later and keeps nobody from working. */
    void maintainNowAndThen() {
        if (unsaved.count() > MOST_UNSAVED || unsaved.bytes() > MOST_UNSAVED_BYTES) {
            save();
        }
        if (updates.get() >= UPDATES_BETWEEN_LOOKS && updates.getAndSet(0) > 0) {
            maintain(Maintenance.MOST_LOOSE, Maintenance.MOST_PACKS);
        }
    }

    /** Puts what was pushed into the files of the clone; false when there is nothing, or it cannot be done now. */
    boolean save() {
        network.lock();
        try {
            return !closed && trySave();
        } finally {
            leave();
        }
    }

    /** The changes have landed, whatever becomes of the clone; one that stays behind catches up with the next fetch. */
    private boolean trySave() {
        try {
            return !damaged && saveAlone();
        } catch (IOException | RuntimeException e) {
            noteDamage(e);
            LOGGER.log(Level.WARNING, "What was pushed to " + remote.url() + " could not be saved in the clone", e);
            return false;
        }
    }

    private boolean saveAlone() throws IOException {
        ObjectId pushed = tip;
        if (unsaved.count() == 0 || pushed == null) {
            return false;
        }
        try (ObjectInserter inserter = repository.newObjectInserter();
                ByteArrayInputStream pack = new ByteArrayInputStream(ThinPack.of(unsaved.all()))) {
            PackParser parser = inserter.newPackParser(pack);
            parser.setAllowThin(true);
            parser.parse(NullProgressMonitor.INSTANCE);
            inserter.flush();
        }
        write(repository, pushed);
        unsaved.clear();
        updates.incrementAndGet();
        return true;
    }

    /** Whether it was necessary and done. */
    boolean maintain(int mostLoose, int mostPacks) {
        network.lock();
        try {
            if (closed || damaged || !Maintenance.isDue(repository, mostLoose, mostPacks)) {
                return false;
            }
            Maintenance.run(repository);
            return true;
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.FINE, "The clone of " + remote.url() + " was not packed", e);
            return false;
        } finally {
            leave();
        }
    }

    /**
     * Moves the remote's branch, and the clone's with it.
     *
     * @throws IOException when the clone is damaged
     */
    Remote.Push push(ObjectId expected, UnpushedCommits commits) throws GitFailure, IOException {
        enter();
        try {
            Remote.Push push = remote.push(repository.forPush(unsaved, commits), expected, commits.head());
            if (push.outcome() == Remote.Outcome.DONE) {
                unsaved.addAll(commits.objects());
                tip = commits.head().copy();
            }
            return push;
        } finally {
            leave();
        }
    }

    GitFailure unusable(IOException e) {
        return new GitFailure(
                        "The local clone of " + remote.url() + " cannot be used: "
                                + RemoteFailures.text(e.getMessage()),
                        "Check the permissions of the cache folder and the space on its disk")
                .causedBy(e);
    }

    private void enter() throws GitFailure {
        network.lock();
        if (closed) {
            leave();
            throw closedFailure();
        }
    }

    private void leave() {
        // Whoever was at work when the clone was closed lets go of it.
        if (closed && network.getHoldCount() == 1) {
            release();
        }
        network.unlock();
    }

    GitFailure closedFailure() {
        // Its configuration has changed: whoever asks again gets the new one.
        return new GitFailure(
                "The local clone of " + remote.url() + " is closed", "Try again once it is set up again", true);
    }

    boolean isClosed() {
        return closed;
    }

    /** Lets go of the folder; when a network operation does not end soon, as soon as it has ended. */
    @Override
    public void close() {
        closed = true;
        try {
            if (network.tryLock(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                leave();
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
