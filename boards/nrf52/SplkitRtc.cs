// An RTC of the nRF52840 (Product Specification v1.7, 6.22), 24 bits at 32768 Hz, exact to the nanosecond: Renode's own
// tells the time of its last synchronization, and wraps a tick early. Compiled by Renode at run time.
using System;

using Antmicro.Renode.Core;
using Antmicro.Renode.Core.Structure.Registers;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Miscellaneous;
using Antmicro.Renode.Time;

namespace Antmicro.Renode.Peripherals.Timers
{
    public class SplkitRtc : BasicDoubleWordPeripheral, IKnownSize, INRFEventProvider
    {
        public SplkitRtc(IMachine machine) : base(machine)
        {
            shared = new SplkitInterface(this, machine, RegistersCollection);
            shared.DefineTask(0x000, Start);
            DefineRouting(0x344, value => routed | value);
            DefineRouting(0x348, value => routed & ~value);
            RegistersCollection.DefineRegister(0x504).WithValueField(0, 32, FieldMode.Read, valueProviderCallback: _ => Now() & Mask, name: "COUNTER");
            for(var channel = 0; channel < ChannelCount; channel++)
            {
                var number = channel;
                shared.DefineEvents(Compare + number);
                RegistersCollection.DefineRegister(0x540 + 4 * number)
                    .WithValueField(0, 24, out compare[number], writeCallback: (_, __) => Schedule(number), name: "CC")
                    .WithReservedBits(24, 8);
            }
        }

        public override void Reset()
        {
            base.Reset();
            shared.Reset();
            running = false;
            routed = 0;
            for(var channel = 0; channel < ChannelCount; channel++)
            {
                asked[channel]++;
            }
        }

        // To the PPI, with the offset of the event's register.
        public event Action<uint> EventTriggered;

        public GPIO IRQ { get { return shared.IRQ; } }

        public long Size { get { return 0x1000; } }

        private void Start()
        {
            running = true;
            start = shared.Elapsed();
        }

        private ulong Now()
        {
            return running ? (shared.Elapsed() - start).Ticks * Hz / TimeInterval.TicksPerSecond : 0;
        }

        // A compare register that is written has its event two ticks later at the earliest.
        private void Schedule(int channel)
        {
            var number = ++asked[channel];
            if(!running)
            {
                this.Log(LogLevel.Error, "CC[{0}] is set before TASKS_START: not modelled", channel);
                return;
            }
            var now = Now();
            var ahead = (compare[channel].Value - now) & Mask;
            if(ahead < Nearest)
            {
                this.Log(LogLevel.Error, "CC[{0}] is set {1} ticks ahead: too near", channel, ahead);
                return;
            }
            var due = ((now + ahead) * TimeInterval.TicksPerSecond + Hz - 1) / Hz;
            var delay = TimeInterval.FromTicks(due) - (shared.Elapsed() - start);
            machine.ScheduleAction(delay, _ => { if(asked[channel] == number) { Reach(channel); } });
        }

        private void Reach(int channel)
        {
            shared.Raise(Compare + channel);
            if((routed & (1u << (Compare + channel))) != 0 && EventTriggered != null)
            {
                EventTriggered((uint)(0x100 + 4 * (Compare + channel)));
            }
        }

        // EVTENSET and EVTENCLR: what goes to the PPI.
        private void DefineRouting(long offset, Func<uint, uint> change)
        {
            RegistersCollection.DefineRegister(offset)
                .WithValueField(0, 32, valueProviderCallback: _ => routed, writeCallback: (_, value) => routed = change((uint)value));
        }

        private bool running;
        private uint routed;
        private TimeInterval start;
        private readonly SplkitInterface shared;
        private readonly int[] asked = new int[ChannelCount];
        private readonly IValueRegisterField[] compare = new IValueRegisterField[ChannelCount];

        private const int ChannelCount = 4;
        private const int Compare = 16; // EVENTS_COMPARE[0] by number
        private const ulong Hz = 32768;
        private const ulong Mask = 0xFFFFFF;
        private const ulong Nearest = 2;
    }
}
