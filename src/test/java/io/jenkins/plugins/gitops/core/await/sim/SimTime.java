package io.jenkins.plugins.gitops.core.await.sim;

import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** The events of a simulated world in the order of their time. The same seed creates the same world. */
public final class SimTime {
    private static final Instant BEGIN = Instant.parse("2026-01-01T10:00:00Z");

    private final Random random;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private long now;
    private long order;

    private record Event(long at, long order, Runnable what) {}

    public SimTime(long seed) {
        random = new Random(seed);
    }

    /** Returns the milliseconds since the world began. */
    public long now() {
        return now;
    }

    /** Converts simulated milliseconds to an instant. */
    public static Instant instant(long at) {
        return BEGIN.plusMillis(at);
    }

    /** Converts an instant to simulated milliseconds. */
    public static long moment(String instant) {
        return Instant.parse(instant).toEpochMilli() - BEGIN.toEpochMilli();
    }

    /** Schedules an event at a random time in this range of milliseconds from now. */
    public void in(int least, int most, Runnable what) {
        at(now + between(least, most), what);
    }

    public void at(long when, Runnable what) {
        events.add(new Event(Math.max(now, when), order++, what));
    }

    public int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    /** Returns true with this probability in percent. */
    public boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** Runs all events until a time. */
    public void runUntil(long end) {
        runUntil(end, () -> false);
    }

    /** Runs all events until a time, or until a condition holds. */
    public void runUntil(long end, BooleanSupplier enough) {
        while (!enough.getAsBoolean() && !events.isEmpty() && events.peek().at() <= end) {
            Event next = events.poll();
            now = next.at();
            next.what().run();
        }
        now = Math.max(now, enough.getAsBoolean() ? now : end);
    }
}
